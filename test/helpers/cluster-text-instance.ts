import {type InstanceState, instanceStates, isFinal} from '../../source/core/instance-state.ts';
import type {Instance, InstanceStatus, Node, Service} from '../../source/core/model/index.ts';
import {isPerNode} from '../../source/core/spec/service-mode.ts';
import {parseDuration} from '../../source/core/text/units.ts';
import {named, readAmount, type Words} from './cluster-text.ts';

const counts = {
	version: 'version',
	generation: 'nodeGeneration',
	restarts: 'restarts',
	attempts: 'attempts',
	quick: 'quickFailures',
} as const;

/**
 * `instance SERVICE.SLOT` (global: `SERVICE.NODE`), then any of: a state (plain: pending) · `on NODE` · `healthy` · `unhealthy`
 * · `checking` (health not known yet) · `at T` (of the state) · `created T` (plain: as `at`) · `started T` · `exit N` ·
 * `stopping REASON` · `because REASON` · `replaces ID` · `id ID` · `version N` · `generation N` · `restarts N` ·
 * `attempts N` · `quick N` · `says TEXT` (of its health) · `uses cpus N` · `uses memory X`. What is final has ended at `at`; what runs started at `at`.
 */
export function readInstance(words: Words, services: readonly Service[], nodes: readonly Node[]): Instance {
	const name = words.take();
	const dot = name.lastIndexOf('.');
	const service = named(services, name.slice(0, dot));
	const slot = Number(name.slice(dot + 1));
	const isGlobal = isPerNode(service.spec);
	let instance = {...plainInstance(name, service, isGlobal ? 0 : slot)};
	if (isGlobal) {
		instance = {...instance, ...placed(named(nodes, name.slice(dot + 1)))};
	}

	let createdAt: number | undefined;
	let startedAt: number | undefined;
	for (let word = words.next(); word !== undefined; word = words.next()) {
		if (word === 'created') {
			createdAt = parseDuration(words.take());
		} else if (word === 'started') {
			startedAt = parseDuration(words.take());
		} else if (word === 'on') {
			instance = {...instance, ...placed(named(nodes, words.take()))};
		} else {
			instance = {...instance, ...readWord(instance, word, words)};
		}
	}

	return finish(instance, createdAt, startedAt);
}

function readWord(instance: Instance, word: string, words: Words): Partial<Instance> {
	const observed = (change: Partial<InstanceStatus>) => ({status: {...instance.status, ...change}});
	if (word in counts) {
		return {[counts[word as keyof typeof counts]]: Number(words.take())};
	}

	if (instanceStates.includes(word as InstanceState)) {
		return {...observed({state: word as InstanceState}), ...(word === 'stopped' ? {desired: 'stopped'} : {})};
	}

	switch (word) {
		case 'healthy':
		case 'unhealthy':
			return observed({health: word});
		case 'checking':
			return observed({health: 'starting'});
		case 'at':
			return observed({at: parseDuration(words.take())});
		case 'exit':
			return observed({exitCode: Number(words.take())});
		case 'because':
			return observed({reason: words.take()});
		case 'stopping':
			return {desired: 'stopped', desiredReason: words.take()};
		case 'says':
			return observed({healthMessage: words.take()});
		case 'uses':
			return {usage: {at: 0, ...instance.usage, ...readAmount(words.take(), words)}};
		case 'replaces':
			return {replaces: words.take()};
		case 'id':
			return {id: words.take()};
		default:
			throw new Error(`An instance has no word ${word}`);
	}
}

function finish(instance: Instance, createdAt: number | undefined, startedAt: number | undefined): Instance {
	const {state, at} = instance.status;
	const started = startedAt ?? (state === 'running' ? at : undefined);
	return {
		...instance,
		createdAt: createdAt ?? at,
		updatedAt: at,
		status: {
			...instance.status,
			...(started === undefined ? {} : {startedAt: started}),
			...(isFinal(state) ? {finishedAt: at} : {}),
		},
	};
}

function placed({id, name, generation}: Node): Partial<Instance> {
	return {nodeId: id, nodeName: name, nodeGeneration: generation};
}

function plainInstance(name: string, service: Service, slot: number): Instance {
	return {
		kind: 'instance',
		id: `${name}-id`,
		name,
		revision: '1',
		createdAt: 0,
		updatedAt: 0,
		serviceId: service.id,
		serviceName: service.name,
		slot,
		version: service.version,
		desired: 'running',
		restarts: 0,
		attempts: 0,
		quickFailures: 0,
		status: {state: 'pending', at: 0, health: 'none', endpoints: []},
	};
}
