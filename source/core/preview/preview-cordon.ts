import type {Node} from '../model/index.ts';
import {forecast} from './forecast.ts';
import {livingOn} from './moves.ts';
import {places, plural} from './places.ts';
import type {Preview} from './preview.ts';
import {type ClusterWorld, withNode} from './world.ts';

export function previewCordon(world: ClusterWorld, node: Node): Preview {
	const {length: count} = livingOn(world, node);
	const stay = count === 0 ? 'no instance is on it' : `${plural(count, 'instance')} ${count === 1 ? 'stays' : 'stay'}`;
	return {summary: `${stay}, nothing new is placed on it`, rows: []};
}

/** Taking work again: what waits for a node may find one, and a drain is over. */
export function previewUncordon(world: ClusterWorld, node: Node): Preview {
	const {drainDeadlineAt: _, ...spec} = node.spec;
	const open: Node = {...node, spec: {...spec, availability: 'active'}, availability: 'active'};
	const waiting = new Set(
		world.instances
			.filter(({status, desired}) => status.state === 'pending' && desired === 'running')
			.map(({id}) => id),
	);
	const globals = world.services.filter(({spec: {mode}}) => mode === 'global').map(({id}) => id);
	const {instances, created} = forecast(withNode(world, open), globals);
	const placed = instances.filter(({id, status}) => waiting.has(id) && status.state === 'running');
	const started = [
		...placed,
		...created.filter(({nodeId, status}) => nodeId === node.id && status.state === 'running'),
	];
	const drain =
		node.availability === 'draining' ? `, ${plural(livingOn(world, node).length, 'instance')} may stay` : '';
	return {
		summary:
			started.length === 0
				? `new instances may be placed on it${drain}`
				: `${plural(started.length, 'instance')} start${started.length === 1 ? 's' : ''} (${places(started, '+')})${drain}`,
		rows: [],
	};
}
