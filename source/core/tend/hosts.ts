import type {Instance, Node} from '../model/index.ts';
import {formatDuration} from '../text/units.ts';

export type HostPolicy = {
	/** So many hosts are brought at most. */
	readonly most: number;
	/** Instances must lack room for so long before a host is brought. */
	readonly waitMs: number;
	/** A host must be empty for so long before it is taken away. */
	readonly idleMs: number;
	/** A host that was brought and has not joined is waited for so long before another is. */
	readonly joinMs: number;
};

export type HostInput = {
	readonly policy: HostPolicy;
	readonly instances: readonly Instance[];
	readonly nodes: readonly Node[];
	/** Names of those that were brought and are not taken away. */
	readonly brought: readonly string[];
	/** Of these, those that were drained here because they were empty; an operator's drains are his own. */
	readonly leaving: readonly string[];
	/** Since when instances lack room; undefined: none does. */
	readonly shortSinceMs: number | undefined;
	/** By the names of brought hosts: since when they are empty. */
	readonly emptySinceMs: ReadonlyMap<string, number>;
	/** When the last one was brought; undefined: never. */
	readonly broughtAtMs: number | undefined;
	/** Why the last command failed, and until when none is tried; undefined: it did not. */
	readonly failed?: {readonly why: string; readonly untilMs: number} | undefined;
	readonly nowMs: number;
};

const firstRetryMs = 15_000;
const longestRetryMs = 600_000;

/** How long to wait after so many failures in a row: what brings hosts is asked seldom when it has none. */
export function hostRetryMs(failures: number): number {
	return Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1));
}

export type HostDecision = {readonly reason: string} & (
	| {readonly type: 'none'}
	| {readonly type: 'bring'}
	/** Nothing new is to come to it; it goes once it is still empty then. `use`: it may come to it again. */
	| {readonly type: 'drain' | 'take' | 'use'; readonly node: Node}
);

/** Its engine says that no node has room for it. */
export function lacksRoom({desired, status}: Instance): boolean {
	const isWaiting = desired === 'running' && (status.state === 'pending' || status.state === 'assigned');
	return isWaiting && /insufficient resources|max replicas per node|lacks? (CPUs|memory)/i.test(status.reason ?? '');
}

/** Whether a host is to be brought, or one that was brought to be taken away: one step at a time. */
export function decideHosts(input: HostInput): HostDecision {
	const decision = decide(input);
	const {failed, nowMs} = input;
	const isCommand = decision.type === 'bring' || decision.type === 'take';
	if (!isCommand || failed === undefined || nowMs >= failed.untilMs) return decision;
	const rest = formatDuration(Math.ceil((failed.untilMs - nowMs) / 1000) * 1000);
	return {type: 'none', reason: `${decision.reason}; ${failed.why}; tried again in ${rest}`};
}

function decide(input: HostInput): HostDecision {
	const {policy, instances, nodes, brought, shortSinceMs, broughtAtMs, nowMs} = input;
	const short = instances.filter(lacksRoom).length;
	const joined = nodes.filter(({name, status}) => brought.includes(name) && status.state === 'ready');
	if (short > 0) return bringing(input, short, joined);
	const {emptySinceMs} = input;
	const idle = joined
		.filter(({name}) => nowMs - (emptySinceMs.get(name) ?? nowMs) >= policy.idleMs)
		.toSorted((a, b) => (a.name < b.name ? 1 : -1));
	const [node] = idle;
	if (node !== undefined) {
		const reason = `${node.name} was brought and is empty`;
		return node.availability === 'active' ? {type: 'drain', node, reason} : {type: 'take', node, reason};
	}

	const isAwaited = brought.length > joined.length && broughtAtMs !== undefined && nowMs - broughtAtMs < policy.joinMs;
	const text = isAwaited ? 'a host that was brought has not joined yet' : 'nothing lacks room';
	return {type: 'none', reason: shortSinceMs === undefined ? text : `${text} any more`};
}

function bringing(
	{policy, brought, leaving, shortSinceMs, broughtAtMs, nowMs}: HostInput,
	short: number,
	joined: readonly Node[],
): HostDecision {
	const what = `${short} ${short === 1 ? 'instance lacks' : 'instances lack'} room`;
	// One that was about to go.
	const node = joined.find(({name, availability}) => leaving.includes(name) && availability !== 'active');
	if (node !== undefined) return {type: 'use', node, reason: what};
	if (brought.length > joined.length && broughtAtMs !== undefined && nowMs - broughtAtMs < policy.joinMs) {
		return {type: 'none', reason: `${what}; a host that was brought has not joined yet`};
	}

	if (brought.length >= policy.most)
		return {
			type: 'none',
			reason: `${what}; ${policy.most} ${policy.most === 1 ? 'host is' : 'hosts are'} brought, the most allowed`,
		};
	if (nowMs - (shortSinceMs ?? nowMs) < policy.waitMs) return {type: 'none', reason: `${what}, not yet for long`};
	return {type: 'bring', reason: what};
}
