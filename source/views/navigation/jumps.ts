import {kinds} from '../../core/model/index.ts';
import type {Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {goInto} from './navigation.ts';

/** To what an instance belongs, or where it runs. */
export type Jump = 'owner' | 'host';

/** Why there is nowhere to go; undefined: there is. */
export function whyNoJump(ui: Ui, target: Target | undefined, to: Jump): string | undefined {
	if (target?.kind !== 'instance' && (to === 'host' || target?.kind !== 'event')) {
		return to === 'host' ? 'Only an instance is on a node.' : 'Only an instance belongs to a service.';
	}

	if (target.kind === 'instance' && to === 'host' && target.nodeId === undefined) {
		return `${target.name} is on no node yet.`;
	}

	return destination(ui, target, to) === undefined ? 'It is gone.' : undefined;
}

/** Goes into the list with the cursor on it. */
export function jump(ui: Ui, target: Target | undefined, to: Jump): void {
	const there = target && destination(ui, target, to);
	const screen = there && ui.screens.find(one => one.type === 'table' && one.kind === there.kind);
	if (there !== undefined && screen !== undefined) {
		goInto(ui, screen.id, undefined, {selectedId: there.id});
	}
}

function destination(ui: Ui, target: Target, to: Jump): Target | undefined {
	if (target.kind === 'instance') {
		const {serviceId, nodeId = ''} = target;
		return ui.find(to === 'owner' ? {kind: 'service', id: serviceId} : {kind: 'node', id: nodeId});
	}

	const kind = target.kind === 'event' ? kinds.find(one => one === target.about.kind) : undefined;
	return kind && target.kind === 'event' ? ui.find({kind, id: target.about.id}) : undefined;
}
