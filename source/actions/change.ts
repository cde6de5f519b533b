import type {Patch} from '../core/backend.ts';
import {inversePatch} from '../core/difference/merge-patch.ts';
import {assert} from '../core/error.ts';
import type {Kind, Node, NodeSpec, Objects, Service, ServiceSpec} from '../core/model/index.ts';
import type {Step} from './action.ts';

/** Only an action that creates is run without a target. */
export function present<T extends Objects[Kind]>(target: T | undefined): T {
	assert(target !== undefined, 'an action that does not create has a target');
	return target;
}

/** Patches a service as it was seen, with what undoes it. */
export function changeService(service: Service, patch: Patch<ServiceSpec>): Step {
	const ref = {kind: 'service', id: service.id, name: service.name, ...scopeOf(service)} as const;
	const inverse = {type: 'apply', ref, patch: inversePatch(service.spec, patch)} as const;
	return {type: 'apply', ref, patch, ifRevision: service.revision, inverse};
}

/** Where the engine has namespaces, an object is named together with its own. */
export function scopeOf({scope}: Pick<Objects[Kind], 'scope'>): {readonly scope?: string} {
	return scope === undefined ? {} : {scope};
}

/** Of what brings a service back: an image that was not pinned then is not pinned now. */
export function asItWas(step: Step): Step {
	return step.type === 'apply' && step.ref.kind === 'service' ? {...step, keepTag: true} : step;
}

/** As `changeService`. */
export function changeNode(node: Node, patch: Patch<NodeSpec>): Step {
	const ref = {kind: 'node', id: node.id, name: node.name} as const;
	const inverse = {type: 'apply', ref, patch: inversePatch(node.spec, patch)} as const;
	return {type: 'apply', ref, patch, ifRevision: node.revision, inverse};
}

/** The names of no two living objects of a kind are equal: `name`, else `name-2`, `name-3`, … */
export function freeName(name: string, taken: ReadonlyArray<{readonly name: string}>): string {
	const names = new Set(taken.map(object => object.name));
	let free = name;
	for (let count = 2; names.has(free); count++) {
		free = `${name}-${count}`;
	}

	return free;
}
