import {usualTimes} from '../../../core/autoscale/autoscale.ts';
import type {AutoscalePolicy, AutoscaleStatus} from '../../../core/model/index.ts';
import {checkServiceSpec, serviceSpec} from '../../../core/spec/service-spec.ts';
import type {RawServiceSpec} from '../api-types.ts';

// What muster itself keeps in the labels of a service, beside what a user has put there.

/** How its load says how many run: a policy as core has it. */
export const autoscaleLabel = 'muster.autoscale';
/** When and why it was scaled by that last. */
export const autoscaledLabel = 'muster.autoscaled';
/** It is being spread: so many run for now, so many afterwards. */
export const spreadLabel = 'muster.spread';

export const tendLabels: readonly string[] = [autoscaleLabel, autoscaledLabel, spreadLabel];

type Labelled = Pick<RawServiceSpec, 'Labels'>;

function read({Labels = {}}: Labelled, label: string): Record<string, unknown> | undefined {
	try {
		const found = JSON.parse(Labels[label] ?? 'null') as unknown;
		return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

/** Undefined also where somebody wrote what is no policy. */
export function autoscaleOf(raw: Labelled): AutoscalePolicy | undefined {
	const found = read(raw, autoscaleLabel);
	if (found === undefined) return undefined;
	const {min, max, targets, upWindowMs, downWindowMs, cooldownMs} = {...usualTimes, ...found} as AutoscalePolicy;
	const policy = {min, max, targets, upWindowMs, downWindowMs, cooldownMs};
	try {
		const problems = checkServiceSpec(serviceSpec({autoscale: policy, template: {image: 'x'}}));
		return problems.length === 0 ? policy : undefined;
	} catch {
		return undefined;
	}
}

export function autoscaledOf(raw: Labelled): AutoscaleStatus | undefined {
	const {at, reason, from} = read(raw, autoscaledLabel) ?? {};
	return typeof at === 'number' && typeof reason === 'string' && typeof from === 'number'
		? {at, reason, scaledAt: at, scaledFrom: from}
		: undefined;
}

export function autoscaledText({at, reason, scaledFrom = 0}: AutoscaleStatus): string {
	return JSON.stringify({at, reason, from: scaledFrom});
}

export type Spread = {
	/** How many run while it is spread, and afterwards. */
	readonly to: number;
	readonly back: number;
	/** Milliseconds since 1970: then it goes back, whether or not all have come. */
	readonly until: number;
};

export function spreadOf(raw: Labelled): Spread | undefined {
	const {to, back, until} = read(raw, spreadLabel) ?? {};
	const areNumbers = [to, back, until].every(value => Number.isSafeInteger(value) && Number(value) >= 0);
	return areNumbers ? {to: Number(to), back: Number(back), until: Number(until)} : undefined;
}
