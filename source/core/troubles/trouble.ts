import type {ComponentHealth} from '../backend.ts';
import type {ClusterEvent, Kind} from '../model/index.ts';
import type {ClusterWorld} from '../preview/world.ts';

/** `critical`: something is down. `serious`: something is not as asked. `minor`: something may become so. */
export const severities = ['critical', 'serious', 'minor'] as const;

export type Severity = (typeof severities)[number];

/** What troubles are found in: a pure function of it. */
export type TroubleWorld = ClusterWorld & {
	/** The newest ones; absent: what only they tell is not found. */
	readonly events?: readonly ClusterEvent[];
	/** The parts of the control plane, where the engine tells of them. */
	readonly components?: readonly ComponentHealth[];
};

export type ObjectRef = {readonly kind: Kind; readonly id: string; readonly name: string};

/** An action by its id, with what it is done to and how. */
export type RemedyAction = {
	readonly id: string;
	readonly target: ObjectRef;
	readonly input: Readonly<Record<string, unknown>>;
};

/** Where the cause is seen best. */
export type Jump = {readonly to: 'instances' | 'logs' | 'describe' | 'nodes'; readonly about?: ObjectRef};

/** One cause of trouble, however many instances it concerns. */
export type Trouble = {
	/** The same as long as the cause is the same. */
	readonly id: string;
	readonly severity: Severity;
	/** `web crashes again and again`. */
	readonly title: string;
	/** Absent: a part of the control plane. */
	readonly about?: ObjectRef;
	/** Instances or nodes concerned. */
	readonly count: number;
	/** What was found, in the engine's own words where it has some. */
	readonly cause: string;
	readonly remedy: {readonly text: string; readonly action?: RemedyAction};
	readonly jump?: Jump;
};

/** The worst first; of two equally bad ones that which concerns more; then by name. */
export function compareTroubles(a: Trouble, b: Trouble): number {
	return (
		severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
		b.count - a.count ||
		compareText(a.title, b.title) ||
		compareText(a.id, b.id)
	);
}

/** In the order of their characters. */
export function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

export function refOf({kind, id, name}: ObjectRef): ObjectRef {
	return {kind, id, name};
}

/** `1 instance`, `3 instances`. */
export function counted(count: number, one: string): string {
	return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** `n1, n2, n3 and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
	const more = names.length - most;
	return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
