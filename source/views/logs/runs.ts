import type {Backend} from '../../core/backend.ts';
import type {Instance} from '../../core/model/index.ts';

/** The runs of an instance's slot, the newest first: those that have ended are kept for a while. */
export async function runsOf(
	backend: Backend,
	{serviceId, slot, nodeId, name}: Instance,
): Promise<readonly Instance[]> {
	const {items} = await backend.list({kind: 'instance', serviceId, history: true});
	const own = items.filter(item => item.serviceId === serviceId && item.slot === slot && item.name === name);
	// Of a global service the node is the slot.
	const here = own.filter(item => slot > 0 || item.nodeId === nodeId);
	return here.toSorted(newestFirst);
}

function newestFirst(a: Instance, b: Instance): number {
	return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}

/** Which run of an instance's slot is shown. */
export type ShownRun = {
	/** Undefined: the one that the logs were opened for. */
	readonly run?: Instance;
	/** So many runs before that one. */
	readonly back: number;
	/** What is shown ran in its place before its last restart. */
	readonly isPrevious?: true;
};

export const ownRun: ShownRun = {back: 0};

/** The run before the one shown, or the one after it; undefined: none is kept. */
export function runBeside(
	runs: readonly Instance[],
	subject: Instance,
	{run: shown = subject, isPrevious}: ShownRun,
	by: 1 | -1,
): ShownRun | undefined {
	if (isPrevious) {
		return by === -1 ? ownRun : undefined;
	}

	const all = runs.some(({id}) => id === subject.id) ? runs : [subject, ...runs].toSorted(newestFirst);
	const index = (wanted: Instance) => all.findIndex(({id}) => id === wanted.id);
	const at = index(shown);
	const run = at === -1 ? undefined : all[at + by];
	if (run === undefined) {
		// One that is started again in its place has one run before, under its own name.
		const isInPlace = by === 1 && subject.restarts > 0 && all.length === 1;
		return isInPlace ? {run: subject, back: 1, isPrevious: true} : undefined;
	}

	return run.id === subject.id ? ownRun : {run, back: at + by - index(subject)};
}
