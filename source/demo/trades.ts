import type {Patch} from '../core/backend.ts';
import type {ServiceSpec} from '../core/model/index.ts';

const mebibyte = 2 ** 20;

/** What a service does, and so what it takes and what it prints. */
export type Trade = 'api' | 'web' | 'worker' | 'cache' | 'indexer' | 'job' | 'exporter';

export type TradeRow = {
	readonly spec: Patch<ServiceSpec>;
	/** Of one instance on an ordinary day: CPU in cores, memory as a share of what it reserves, requests per second. */
	readonly cpus: number;
	readonly memoryShare: number;
	readonly requestsPerSecond: number;
	/** Lines per second that one instance prints. */
	readonly linesPerSecond: number;
};

const http = {test: {type: 'http', path: '/healthz'}, intervalMs: 5000, timeoutMs: 2000, retries: 3} as const;

function size(cpus: number, mebibytes: number) {
	return {
		reserve: {cpus, memoryBytes: mebibytes * mebibyte},
		limit: {memoryBytes: mebibytes * 2 * mebibyte},
	};
}

export const trades: Readonly<Record<Trade, TradeRow>> = {
	api: {
		spec: {template: {...size(0.25, 256), health: http}},
		cpus: 0.14,
		memoryShare: 0.8,
		requestsPerSecond: 22,
		linesPerSecond: 0.8,
	},
	web: {
		spec: {template: {...size(0.1, 128), health: http}},
		cpus: 0.05,
		memoryShare: 0.7,
		requestsPerSecond: 40,
		linesPerSecond: 1.2,
	},
	worker: {
		spec: {template: size(0.5, 384), placement: {preferences: ['spread=node.labels.zone']}},
		cpus: 0.31,
		memoryShare: 0.65,
		requestsPerSecond: 0,
		linesPerSecond: 0.3,
	},
	cache: {
		spec: {template: {...size(0.2, 1024), health: {...http, test: {type: 'tcp'}}}},
		cpus: 0.06,
		memoryShare: 1.3,
		requestsPerSecond: 150,
		linesPerSecond: 0.1,
	},
	indexer: {
		spec: {template: size(0.4, 512)},
		cpus: 0.26,
		memoryShare: 0.9,
		requestsPerSecond: 0,
		linesPerSecond: 0.4,
	},
	job: {
		spec: {mode: 'job', template: size(0.25, 256)},
		cpus: 0.2,
		memoryShare: 0.5,
		requestsPerSecond: 0,
		linesPerSecond: 1,
	},
	exporter: {
		spec: {mode: 'global', template: size(0.05, 32)},
		cpus: 0.01,
		memoryShare: 0.6,
		requestsPerSecond: 0.2,
		linesPerSecond: 0.02,
	},
};

/** What a service does, by the image that it runs. */
export function tradeOf(image: string): Trade {
	const name = /([a-z]+):[^:]*$/.exec(image)?.[1] ?? '';
	return Object.hasOwn(trades, name) ? (name as Trade) : 'api';
}
