import {scaleService} from '../../actions/service/scale-service.ts';
import type {Service} from '../../core/model/index.ts';
import type {KeymapRow} from '../keymap.ts';
import type {Scaling} from '../state.ts';
import type {Ui} from '../ui.ts';
import {ask} from './asking.ts';
import {type Errand, errorText, start} from './running.ts';

/** So long after the last `+` or `-` a change is made by itself. */
const pauseMs = 700;

/** `+` and `-`: strokes close together are one change. */
export function nudge(ui: Ui, service: Service, by: number): void {
	const refusal = ui.refusal(scaleService, service);
	if (refusal !== undefined) {
		ui.say('warning', refusal);
		return;
	}

	if (ui.state.scaling && ui.state.scaling.id !== service.id) {
		commitScaling(ui);
	}

	const pending = ui.state.scaling;
	pending?.cancel();
	const from = wantedReplicas(ui, service);
	const to = Math.max(0, (pending?.to ?? from) + by);
	const cancel = ui.clock.after(pauseMs, () => {
		commitScaling(ui);
	});
	ui.update({scaling: {id: service.id, name: service.name, from, to, cancel}, message: undefined});
}

/** Makes the change that is pending; one down to nothing is asked about first. */
export function commitScaling(ui: Ui): void {
	const {scaling} = ui.state;
	if (scaling === undefined) {
		return;
	}

	dropScaling(ui);
	const target = ui.find({kind: 'service', id: scaling.id});
	if (target?.kind !== 'service') {
		ui.say('warning', `${scaling.name} is gone.`);
	} else if (scaling.to !== wantedReplicas(ui, target)) {
		scaleTo(ui, target, scaling.to);
	}
}

export function dropScaling(ui: Ui): void {
	ui.state.scaling?.cancel();
	ui.update({scaling: undefined});
}

/** What it was last told from here counts before the cluster has told it back: a key pressed meanwhile goes on from there. */
function wantedReplicas({state: {scaled}}: Ui, {id, spec, updatedAt}: Service): number {
	const isUnderWay = scaled?.id === id && (scaled.writtenAt === undefined || updatedAt < scaled.writtenAt);
	return isUnderWay ? scaled.to : spec.replicas;
}

export function scaleTo(ui: Ui, service: Service, replicas: number): void {
	const scaled = {id: service.id, to: replicas};
	const errand: Errand = {
		...scaleErrand(service, replicas),
		done({object}) {
			if (ui.state.scaled === scaled) {
				ui.update({scaled: object && {...scaled, writtenAt: object.updatedAt}});
			}
		},
		failed(why) {
			if (ui.state.scaled === scaled) ui.update({scaled: undefined});
			ui.say('bad', errorText(why));
		},
	};
	if (replicas === 0) {
		ask(ui, errand);
	} else if (isLeap(service.spec.replicas, replicas)) {
		ask(ui, errand, {question: `Scale ${service.name} from ${service.spec.replicas} to ${replicas}?`});
	} else if (start(ui, errand)) {
		ui.update({scaled});
	}
}

/** So much more that a key may have been held too long, or a digit typed too much. */
function isLeap(from: number, to: number): boolean {
	return to - from > 100 && to > from * 10;
}

export function scaleErrand(target: Service, replicas: number): Errand {
	return {action: scaleService, target, input: {replicas}};
}

/** While a change is pending, before all other rows. */
export const scalingKeymap: readonly KeymapRow[] = [
	{keys: ['enter'], hint: 'now', help: 'Make the pending change at once', press: commitScaling},
	{keys: ['esc'], hint: 'drop', help: 'Drop the pending change', press: dropScaling},
];

/** The pending change of a service, where it is there still. */
export function pendingErrand(ui: Ui, {id, to}: Scaling): Errand | undefined {
	const target = ui.find({kind: 'service', id});
	return target?.kind === 'service' ? scaleErrand(target, to) : undefined;
}
