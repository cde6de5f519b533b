import type {Progress, World} from '../action.ts';

type Named = {readonly id: string; readonly name: string};

/** Reached when nothing is left on the node; `instances` were there when the drain was asked for. */
export function drainProgress(world: World, {id, name, instances}: Named & {readonly instances: number}): Progress {
	const node = world.nodes.find(one => one.id === id);
	if (node === undefined || node.spec.availability !== 'drained') {
		return {state: 'failed', message: node ? `the drain of ${name} was cancelled` : `${name} was removed meanwhile`};
	}

	if (node.availability === 'drained') {
		return {state: 'reached', message: `${name} is drained`};
	}

	const left = world.instances.filter(({nodeId, status}) => nodeId === id && status.state === 'running');
	const here = new Set(left.map(instance => instance.id));
	const stuck = world.instances.find(
		({replaces, status}) =>
			replaces !== undefined && here.has(replaces) && status.state === 'pending' && status.reason !== undefined,
	);
	// An engine that holds to budgets tells which one it waits for.
	const trouble =
		stuck === undefined ? node.status.message : `${stuck.name} finds no other place: ${stuck.status.reason}`;
	const {staying = 0} = node;
	const going = node.instances - staying;
	const total = Math.max(instances - staying, going);
	return {
		state: 'waiting',
		message: `${name}: ${going} of ${total} instances left`,
		done: total - going,
		total,
		...(trouble === undefined ? {} : {trouble}),
	};
}

export function readyProgress(world: World, {id, name}: Named): Progress {
	const node = world.nodes.find(one => one.id === id);
	if (node === undefined || node.removing) {
		return {state: 'failed', message: `${name} was removed meanwhile`};
	}

	return node.status.state === 'ready'
		? {state: 'reached', message: `${name} is ready`}
		: {state: 'waiting', message: `${name} is ${node.status.state}`, done: 0, total: 1};
}

export function nodeRemovalProgress(world: World, {id, name}: Named): Progress {
	const node = world.nodes.find(one => one.id === id);
	return node === undefined
		? {state: 'reached', message: `${name} is removed`}
		: {state: 'waiting', message: `${name}: ${node.instances} instances left`, done: 0, total: node.instances};
}
