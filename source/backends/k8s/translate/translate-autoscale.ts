import type {AutoscalePolicy, AutoscaleStatus} from '../../../core/model/index.ts';
import {parseQuantity} from '../wire/quantity.ts';
import {instantOf, type WireAutoscaler, type WireMetricStatus} from '../wire/wire.ts';

/** What is kept of a HorizontalPodAutoscaler. */
export type KeptAutoscaler = {
	readonly scope: string;
	/** Of the workload that it scales. */
	readonly targetKind: string;
	readonly targetName: string;
	readonly resourceVersion: string;
	readonly policy: AutoscalePolicy;
	readonly status: AutoscaleStatus;
};

/** Kubernetes has none; it is what an action gives that was not told another. */
export const usualCooldownMs = 30_000;
/** What the controller does where nothing is said. */
const usualDownWindowS = 300;

export function keepAutoscaler(wire: WireAutoscaler): KeptAutoscaler {
	const {metadata, spec} = wire;
	return {
		scope: metadata.namespace ?? '',
		targetKind: spec.scaleTargetRef.kind,
		targetName: spec.scaleTargetRef.name,
		resourceVersion: metadata.resourceVersion,
		policy: policyOf(wire),
		status: statusOf(wire),
	};
}

function policyOf({spec}: WireAutoscaler): AutoscalePolicy {
	const targets = (spec.metrics ?? []).flatMap(({resource}): AutoscalePolicy['targets'] => {
		const {averageUtilization: percent, averageValue} = resource?.target ?? {};
		const value = percent === undefined ? parseQuantity(averageValue) : percent / 100;
		const metric = resource?.name;
		if (value === undefined || (metric !== 'cpu' && metric !== 'memory')) return [];
		// A part of the memory that is reserved is nothing that the model could say.
		return metric === 'memory' && percent !== undefined ? [] : [{metric, value: Math.round(value * 1000) / 1000}];
	});
	const windowMs = (direction: 'scaleUp' | 'scaleDown', usual: number) =>
		(spec.behavior?.[direction]?.stabilizationWindowSeconds ?? usual) * 1000;
	return {
		min: spec.minReplicas ?? 1,
		max: spec.maxReplicas,
		targets,
		upWindowMs: windowMs('scaleUp', 0),
		downWindowMs: windowMs('scaleDown', usualDownWindowS),
		cooldownMs: usualCooldownMs,
	};
}

/** What it sees and wants, and what keeps it from that. */
function statusOf({metadata, spec, status = {}}: WireAutoscaler): AutoscaleStatus {
	const condition = (type: string) => status.conditions?.find(one => one.type === type);
	const idle = condition('ScalingActive');
	const unable = condition('AbleToScale');
	const limited = condition('ScalingLimited');
	const figures = (spec.metrics ?? []).map(metric => {
		const {name = metric.type.toLowerCase(), target = {}} = metric.resource ?? {};
		const current = status.currentMetrics?.find(one => one.resource?.name === metric.resource?.name);
		return `${name} ${figure(current)} of ${percentOr(target.averageUtilization, target.averageValue)}`;
	});
	const wants =
		status.desiredReplicas === undefined || status.desiredReplicas === status.currentReplicas
			? []
			: [`wants ${status.desiredReplicas}`];
	const trouble = [unable, idle].flatMap(one => (one?.status === 'False' && one.message ? [one.message] : []));
	const bound = limited?.status === 'True' && limited.message ? [limited.message] : [];
	const scaledAt = instantOf(status.lastScaleTime);
	const at = scaledAt ?? instantOf(idle?.lastTransitionTime) ?? instantOf(metadata.creationTimestamp) ?? 0;
	const said = [...figures, ...wants, ...trouble, ...bound];
	return {
		at,
		reason: said.length > 0 ? said.join(' · ') : 'nothing is measured yet',
		...(scaledAt === undefined ? {} : {scaledAt}),
	};
}

function figure(metric: WireMetricStatus | undefined): string {
	return percentOr(metric?.resource?.current.averageUtilization, metric?.resource?.current.averageValue);
}

function percentOr(percent: number | undefined, value: string | undefined): string {
	return percent === undefined ? (value ?? 'unknown') : `${percent}%`;
}
