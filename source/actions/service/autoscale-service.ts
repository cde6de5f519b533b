import {usualTimes} from '../../core/autoscale/autoscale.ts';
import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {AutoscaleMetric, AutoscalePolicy, ServiceSpec} from '../../core/model/index.ts';
import {checkServiceSpec, serviceSpec} from '../../core/spec/service-spec.ts';
import {defineAction, type Field, type Input} from '../action.ts';
import {changeService, present} from '../change.ts';
import {bytes, duration, integer, many, refuse, toggle} from '../fields/fields.ts';

type OwnFigure = {readonly metric: AutoscaleMetric; readonly value: number};

/** What whoever tends a swarm asks elsewhere. */
const ownFigure: Field<OwnFigure> = {
	help: 'Swarm: how much of a figure of your own an instance is to bear; `muster daemon tend --metric` says where it is from',
	placeholder: 'NAME=VALUE',
	parse(found) {
		const [, name, digits] = /^([\w.-]{1,64})=(\d*\.?\d+)$/.exec(found) ?? [];
		if (name === undefined || (Number(digits) > 0 && Number(digits) < 0.01)) {
			throw refuse(found, 'NAME=VALUE, such as queue=20');
		}

		return {metric: `metric:${name}`, value: Number(digits)};
	},
	format: ({metric, value}) => `${metric.slice('metric:'.length)}=${value}`,
};

const fields = {
	min: integer('At least so many; 0: none as long as nobody asks (published ports only)', {min: 0, max: 100_000}),
	max: integer('At most so many', {min: 1, max: 100_000}),
	cpu: share(
		'CPU that an instance is to use: a part of what it reserves, else of its limit, else of a core; 0: it does not count',
	),
	memory: bytes('Memory that an instance is to use; 0: it does not count'),
	requests: integer('Requests a second that an instance is to answer; 0: they do not count', {min: 0}),
	connections: integer('Connections that an instance is to hold; 0: they do not count', {min: 0}),
	metric: many(ownFigure),
	upWindow: duration('More only when all of this time wished for it; default: at once'),
	downWindow: duration('Fewer only when none of this time wished for more; default: 2m'),
	cooldown: duration('Fewer only so long after the last change; default: 30s'),
	off: toggle('No longer: the number stays as it is'),
};

export const autoscaleService = defineAction({
	id: 'service.autoscale',
	title: 'Autoscale: let the load say how many instances run',
	on: 'service',
	fields,
	form: {
		now: ({spec}) => (spec.autoscale === undefined ? {} : policyNow(spec.autoscale)),
		takesAway: {
			metric: {
				field: 'metric',
				key: figure => (figure as OwnFigure).metric,
				value: figure => ({...(figure as OwnFigure), value: 0}),
			},
		},
	},
	unavailable: service =>
		service === undefined || service.spec.mode === 'replicated'
			? undefined
			: `${service.name} is a ${service.spec.mode} service: its number is not for the load to say`,
	plan(_, target, input) {
		const service = present(target);
		const {off} = input;
		const before = service.spec.autoscale;
		if (off) {
			if (before === undefined) {
				throw new ClusterError('conflict', `${service.name} is not scaled by its load`);
			}

			return [changeService(service, {autoscale: null})];
		}

		const policy = policyFrom(input, service.spec);
		return [changeService(service, {autoscale: policy} as Patch<ServiceSpec>)];
	},
});

function policyNow({min, max, targets, upWindowMs, downWindowMs, cooldownMs}: AutoscalePolicy): Input<typeof fields> {
	const {cpu, memory, requests, connections} = Object.fromEntries(targets.map(({metric, value}) => [metric, value]));
	return {
		...{min, max, cpu, memory, requests, connections},
		metric: targets.filter((target): target is OwnFigure => target.metric.startsWith('metric:')),
		...{upWindow: upWindowMs, downWindow: downWindowMs, cooldown: cooldownMs},
	};
}

/** What was given, over what it has: a target beside its others, one of 0 takes its own away. Throws `usage` where that is no policy. */
export function policyFrom(input: Input<typeof fields>, spec: ServiceSpec): AutoscalePolicy {
	const {min, max, cpu, memory, requests, connections, metric, upWindow, downWindow, cooldown} = input;
	const before = spec.autoscale;
	const given: ReadonlyArray<readonly [AutoscaleMetric, number | undefined]> = [
		['cpu', cpu],
		['memory', memory],
		['requests', requests],
		['connections', connections],
	];
	const targets = new Map([
		...(before?.targets ?? []).map(({metric: name, value}) => [name, value] as const),
		...given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
		...(metric ?? []).map(({metric: name, value}) => [name, value] as const),
	]);
	const policy: AutoscalePolicy = {
		min: min ?? before?.min ?? 1,
		max: max ?? before?.max ?? 0,
		targets: [...targets].filter(([, value]) => value > 0).map(([name, value]) => ({metric: name, value})),
		upWindowMs: upWindow ?? before?.upWindowMs ?? usualTimes.upWindowMs,
		downWindowMs: downWindow ?? before?.downWindowMs ?? usualTimes.downWindowMs,
		cooldownMs: cooldown ?? before?.cooldownMs ?? usualTimes.cooldownMs,
	};
	refusePolicy(policy, spec);
	return policy;
}

function refusePolicy(policy: AutoscalePolicy, spec: ServiceSpec): void {
	if (policy.max === 0) {
		throw new ClusterError('usage', '--max is missing: at most so many instances');
	}

	if (policy.targets.length === 0) {
		throw new ClusterError('usage', 'one of --cpu, --memory, --requests, --connections and --metric is missing');
	}

	if (policy.min > policy.max) {
		throw new ClusterError('usage', `--min ${policy.min} is more than --max ${policy.max}`);
	}

	const [problem] = checkServiceSpec(serviceSpec({autoscale: policy} as Patch<ServiceSpec>, spec));
	if (problem !== undefined) {
		throw new ClusterError('usage', `${problem.path.replace('spec.autoscale', 'the policy')} ${problem.message}`);
	}
}

/** `70%` or `0.7`; more than one core is more than 1. */
function share(help: string) {
	return {
		help,
		placeholder: 'PERCENT',
		parse(found: string) {
			const [, digits, percent] = /^(\d*\.?\d+)(%?)$/.exec(found) ?? [];
			const value = Number(digits) / (percent === '%' ? 100 : 1);
			if (digits === undefined || (value > 0 && value < 0.01) || value > 1000) {
				throw refuse(found, 'a part such as 70% or 0.7');
			}

			return value;
		},
		format: (value: number) => `${Math.round(value * 1000) / 10}%`,
	};
}
