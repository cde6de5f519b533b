import type {Node} from '../model/index.ts';
import {formatBytes} from '../text/units.ts';
import type {Demand} from './demand.ts';
import {cpusText, type Refusal} from './filters.ts';

/** What the scheduler thinks of one node. */
export type Verdict = {
	readonly node: Node;
	/** Absent: it could go there. */
	readonly refusal?: Refusal;
};

/** Nodes refused alike, and the one of them with the most room. */
type Group = {count: number; best: Verdict; readonly refusal: Refusal};

/**
 * Why no node fits, in a sentence: `no node has 4 CPUs free: the most is n1 with 1.5; 2 cordoned`, or
 * `no node fits: 2 cordoned, 1 lacks node.labels.zone==a`.
 */
export function refusalSentence(verdicts: readonly Verdict[], demand: Demand): string {
	if (verdicts.length === 0) {
		return 'there is no node';
	}

	const groups = groupAlike(verdicts);
	const short = groups.filter(({refusal}) => refusal.short !== undefined);
	const others = groups.filter(({refusal}) => refusal.short === undefined);
	const [only] = short;
	if (only === undefined || short.length > 1) {
		return `no node fits: ${groups.map(group => countText(group, demand)).join(', ')}`;
	}

	const rest = others.map(group => countText(group, demand)).join(', ');
	return `no node has ${needText(only.refusal, demand)} free: the most is ${mostText(only)}${rest && `; ${rest}`}`;
}

/** Up to so many nodes are named one by one. */
const namedNodes = 4;

/**
 * The same for a place where few nodes are in question, each by its name: `needs 4 CPUs: n1 has 1.5 free, n3 0.5; n4 cordoned`.
 * With many nodes, or where they are short of different things, it is the sentence.
 */
export function refusalNote(verdicts: readonly Verdict[], demand: Demand): string {
	const refused = verdicts.filter(({refusal}) => refusal !== undefined);
	const short = refused.filter(({refusal}) => refusal?.short !== undefined);
	const [first] = short;
	const mixed = new Set(short.map(({refusal}) => refusal?.short?.of)).size > 1;
	if (refused.length === 0 || refused.length > namedNodes || mixed) {
		return refusalSentence(verdicts, demand);
	}

	const others = refused
		.filter(({refusal}) => refusal?.short === undefined)
		.map(({node, refusal}) => `${node.name} ${refusal?.reason}`);
	if (first?.refusal === undefined) {
		return others.join(', ');
	}

	const needs = `needs ${needText(first.refusal, demand)}: ${freeText(short)}`;
	return [needs, ...(others.length > 0 ? [others.join(', ')] : [])].join('; ');
}

/** `n1 has 1.5 free, n3 0.5`. */
function freeText(short: readonly Verdict[]): string {
	if (short.length > 1 && short.every(({refusal}) => refusal?.short?.shared)) {
		return `the machine of ${short.map(({node}) => node.name).join(', ')} has ${amountText(short[0])} free`;
	}

	return short
		.map((verdict, index) => {
			const amount = amountText(verdict);
			return index === 0 ? `${verdict.node.name} has ${amount} free` : `${verdict.node.name} ${amount}`;
		})
		.join(', ');
}

function groupAlike(verdicts: readonly Verdict[]): Group[] {
	const groups = new Map<string, Group>();
	for (const verdict of verdicts) {
		const {refusal} = verdict;
		if (refusal === undefined) {
			continue;
		}

		const [key] = refusal.alike;
		const group = groups.get(key);
		if (group === undefined) {
			groups.set(key, {count: 1, best: verdict, refusal});
			continue;
		}

		group.count++;
		if ((refusal.short?.free ?? 0) > (group.best.refusal?.short?.free ?? 0)) {
			group.best = verdict;
		}
	}

	return [...groups.values()];
}

function countText(group: Group, demand: Demand): string {
	const {count, refusal} = group;
	const [one, many] = refusal.alike;
	const text = `${count} ${count === 1 ? one : many}`;
	return refusal.short === undefined
		? text
		: `${text} (needs ${needText(refusal, demand)}, the most is ${mostText(group)})`;
}

function needText({short}: Refusal, {need}: Demand): string {
	return short?.of === 'bytes' ? `${formatBytes(need.bytes)} of memory` : cpusText(need.milliCpus);
}

function mostText({best}: Group): string {
	const shared = best.refusal?.short?.shared ? ', which is all that its machine has left' : '';
	return `${best.node.name} with ${amountText(best)}${shared}`;
}

/** What is free of the resource that is short. */
function amountText(verdict: Verdict | undefined): string {
	const {of = 'milliCpus', free = 0} = verdict?.refusal?.short ?? {};
	return of === 'bytes' ? formatBytes(free) : String(free / 1000);
}
