import type {
	HealthCheck,
	RestartPolicy,
	Rollout,
	Service,
	ServiceSpec,
	UpdatePolicy,
} from '../../source/core/model/index.ts';
import {parseDuration} from '../../source/core/text/units.ts';
import {readAmount, type Words} from './cluster-text.ts';

const check: HealthCheck = {
	test: {type: 'http', path: '/health'},
	intervalMs: 10_000,
	timeoutMs: 5000,
	retries: 3,
	startPeriodMs: 0,
};

/**
 * `service NAME`, then any of: `replicas N` · `global` · `job N` · `concurrent N` · `image X` · `version N` · `force N` ·
 * `reserve cpus N` · `reserve memory X` · `limit …` · `constraint X` · `prefer X` · `max-per-node N` · `health` ·
 * `restart any|on-failure|none` · `restart-delay T` · `max-attempts N` · `window T` · `port 8080:80` · `removing` · `updating` ·
 * `updated N/M since T` · `paused` (by failures) · `waiting-canary` · `from N` · `moved T` · `failed N` · `back` (it is a rollback) · `resumed T` · `held` (asked to
 * pause) · `kind job|cronjob|…` (the engine's own) · `canary N` · `parallelism N` · `delay T` · `start-first` · `monitor T` · `ratio N` · `failure pause|continue|rollback`
 * (of both policies) · `desired N` · `says TEXT` (of its status).
 */
export function readService(words: Words): Service {
	let service = plainService(words.take());
	for (let word = words.next(); word !== undefined; word = words.next()) {
		service = {...service, ...readWord(service, word, words)};
	}

	return service;
}

function readWord(service: Service, word: string, words: Words): Partial<Service> {
	const rolling = (change: Partial<Rollout>) => ({rollout: {...(service.rollout ?? begun), ...change}});
	switch (word) {
		case 'version':
			return {version: Number(words.take())};
		case 'kind':
			return {type: words.take()};
		case 'removing':
			return {removing: true};
		case 'updated': {
			const [updated = 0, total = 0] = words.take().split('/').map(Number);
			words.take();
			return {rollout: {...begun, startedAt: parseDuration(words.take()), updated, total}};
		}
		case 'paused':
			return rolling({state: 'paused', pausedBy: 'failure'});
		case 'waiting-canary':
			return rolling({state: 'paused', pausedBy: 'canary'});
		case 'from':
			return rolling({from: Number(words.take())});
		case 'moved':
			return rolling({movedAt: parseDuration(words.take())});
		case 'resumed':
			return rolling({resumedAt: parseDuration(words.take())});
		case 'failed':
			return rolling({failed: Number(words.take())});
		case 'back':
			return rolling({state: 'rolling-back', isRollback: true});
		case 'desired':
			return {status: {...service.status, desired: Number(words.take())}};
		case 'says':
			return {status: {...service.status, message: words.take()}};
		case 'updating':
			return {rollout: {...begun, total: service.spec.replicas}};
		default:
			return {spec: {...service.spec, ...readSpecWord(service.spec, word, words)}};
	}
}

function readSpecWord(spec: ServiceSpec, word: string, words: Words): Partial<ServiceSpec> {
	const {template, restart, placement} = spec;
	const restarting = (change: Partial<RestartPolicy>) => ({restart: {...restart, ...change}});
	const updating = (change: Partial<UpdatePolicy>) => ({
		update: {...spec.update, ...change},
		rollback: {...spec.rollback, ...change},
	});
	switch (word) {
		case 'replicas':
			return {replicas: Number(words.take())};
		case 'global':
			return {mode: 'global', replicas: 0};
		case 'job':
			return {mode: 'job', replicas: Number(words.take()), restart: {...restart, condition: 'on-failure'}};
		case 'global-job':
			return {mode: 'job', perNode: true, replicas: 0, restart: {...restart, condition: 'on-failure'}};
		case 'held':
			return {paused: true};
		case 'canary':
			return {canary: Number(words.take())};
		case 'parallelism':
			return updating({parallelism: Number(words.take())});
		case 'delay':
			return updating({delayMs: parseDuration(words.take())});
		case 'start-first':
			return updating({order: word});
		case 'monitor':
			return updating({monitorMs: parseDuration(words.take())});
		case 'ratio':
			return updating({maxFailureRatio: Number(words.take())});
		case 'failure':
			return updating({failureAction: words.take() as UpdatePolicy['failureAction']});
		case 'concurrent':
			return {maxConcurrent: Number(words.take())};
		case 'force':
			return {forceUpdate: Number(words.take())};
		case 'port': {
			const [published, target] = words.take().split(':').map(Number);
			return {ports: [...spec.ports, {published: published ?? 0, target: target ?? published ?? 0, protocol: 'tcp'}]};
		}
		case 'image':
			return {template: {...template, image: words.take()}};
		case 'reserve':
			return {template: {...template, reserve: {...template.reserve, ...readAmount(words.take(), words)}}};
		case 'limit':
			return {template: {...template, limit: {...template.limit, ...readAmount(words.take(), words)}}};
		case 'health':
			return {template: {...template, health: check}};
		case 'constraint':
			return {placement: {...placement, constraints: [...placement.constraints, words.take()]}};
		case 'prefer':
			return {placement: {...placement, preferences: [...placement.preferences, words.take()]}};
		case 'max-per-node':
			return {placement: {...placement, maxReplicasPerNode: Number(words.take())}};
		case 'restart':
			return restarting({condition: words.take() as RestartPolicy['condition']});
		case 'restart-delay':
			return restarting({delayMs: parseDuration(words.take())});
		case 'max-attempts':
			return restarting({maxAttempts: Number(words.take())});
		case 'window':
			return restarting({windowMs: parseDuration(words.take())});
		default:
			throw new Error(`A service has no word ${word}`);
	}
}

const begun: Rollout = {state: 'updating', isRollback: false, startedAt: 0, updated: 0, total: 0, failed: 0};

function plainService(name: string): Service {
	return {
		kind: 'service',
		id: `${name}-id`,
		name,
		revision: '1',
		createdAt: 0,
		updatedAt: 0,
		spec: plainSpec(),
		version: 1,
		removing: false,
		status: {desired: 0, running: 0, healthy: 0, completed: 0, ports: []},
	};
}

/** A spec with one replica, no delays and no conditions. */
export function plainSpec(): ServiceSpec {
	return {
		mode: 'replicated',
		replicas: 1,
		maxConcurrent: 0,
		labels: {},
		template: {
			image: 'nodejs',
			command: [],
			env: {},
			tty: false,
			openStdin: false,
			stopSignal: 'SIGTERM',
			stopGraceMs: 10_000,
			reserve: {cpus: 0, memoryBytes: 0},
			limit: {},
		},
		ports: [],
		placement: {constraints: [], preferences: [], maxReplicasPerNode: 0},
		restart: {condition: 'any', delayMs: 0, maxAttempts: 0, windowMs: 0},
		update: plainPolicy,
		rollback: plainPolicy,
		paused: false,
		canary: 0,
		forceUpdate: 0,
	};
}

/** One at a time, without waiting. */
const plainPolicy: UpdatePolicy = {
	parallelism: 1,
	delayMs: 0,
	order: 'stop-first',
	monitorMs: 0,
	maxFailureRatio: 0,
	failureAction: 'pause',
};
