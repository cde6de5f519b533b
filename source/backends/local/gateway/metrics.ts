import type {GatewayMessage} from '../protocol.ts';

/** What became of requests, for one service or instance, since the start of this process. */
export type RequestCounts = {
	requests: number;
	/** Answered with 500 and above, or not in full. */
	errors: number;
	/** Requests by the duration of their answer: how many took at most `bucketMs(index)`, and longer than the one before. */
	readonly buckets: Uint32Array;
	totalMs: number;
};

/** Four to each doubling, from a tenth of a millisecond to half an hour: no figure is wrong by more than a fifth. */
const firstMs = 0.1;
const perDoubling = 4;
const bucketCount = 96;

export function bucketMs(index: number): number {
	return firstMs * 2 ** (index / perDoubling);
}

export function newCounts(): RequestCounts {
	return {requests: 0, errors: 0, buckets: new Uint32Array(bucketCount), totalMs: 0};
}

export function count(counts: RequestCounts, ms: number, isError: boolean): void {
	counts.requests++;
	counts.totalMs += ms;
	if (isError) {
		counts.errors++;
	}

	const index = ms <= firstMs ? 0 : Math.min(bucketCount - 1, Math.ceil(Math.log2(ms / firstMs) * perDoubling));
	counts.buckets[index] = (counts.buckets[index] ?? 0) + 1;
}

/** The time within which this share of the requests was answered, between two moments; undefined: there were none. */
export function quantileMs(before: Uint32Array | undefined, after: Uint32Array, share: number): number | undefined {
	const since = after.map((value, index) => value - (before?.[index] ?? 0));
	const total = since.reduce((sum, value) => sum + value, 0);
	let seen = 0;
	for (const [index, value] of since.entries()) {
		seen += value;
		if (value > 0 && seen >= total * share) {
			return bucketMs(index);
		}
	}

	return undefined;
}

export type ServiceStats = Extract<GatewayMessage, {type: 'stats'}>['services'];
export type InstanceStats = Extract<GatewayMessage, {type: 'stats'}>['instances'];
