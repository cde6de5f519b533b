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
	return here.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}

/** The run so many before this one; undefined: none is kept. */
export function runBefore(runs: readonly Instance[], {id, createdAt}: Instance, back: number): Instance | undefined {
	const older = runs.filter(run => run.id !== id && run.createdAt <= createdAt);
	return older[back - 1];
}
