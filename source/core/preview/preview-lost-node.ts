import {holdsRoom} from '../instance-state.ts';
import type {Instance, Node} from '../model/index.ts';
import {isPerNode} from '../spec/service-mode.ts';
import {type Forecast, forecast} from './forecast.ts';
import {destinationText, livingOn, type Move, movesOf, strandedNote} from './moves.ts';
import {plural} from './places.ts';
import type {Preview, PreviewRow} from './preview.ts';
import {type ClusterWorld, withNode} from './world.ts';

/** Removing a node is refused while it holds instances. */
export function previewRemoveNode(world: ClusterWorld, node: Node): Preview {
	const {length: count} = world.instances.filter(({nodeId, status}) => nodeId === node.id && holdsRoom(status.state));
	return count === 0
		? {summary: 'no instance is on it, nothing stops', rows: []}
		: {
				summary: `refused: it still holds ${plural(count, 'instance')}`,
				rows: [{name: node.name, change: `holds ${plural(count, 'instance')}`, note: 'drain it first', blocked: true}],
			};
}

/** A power cut: all on the node ends at once, and is started anew elsewhere. */
export function previewFailNode(world: ClusterWorld, node: Node): Preview {
	const leaving = livingOn(world, node);
	if (leaving.length === 0) {
		return {summary: 'no instance is on it, nothing stops', rows: []};
	}

	const dark: Node = {...node, status: {...node.status, state: 'down'}};
	const lost = (instance: Instance): Instance =>
		instance.nodeId === node.id && holdsRoom(instance.status.state)
			? {...instance, status: {...instance.status, state: 'lost', at: world.now, finishedAt: world.now}}
			: instance;
	const after = {...withNode(world, dark), instances: world.instances.map(lost)};
	const seen = forecast(after, [...new Set(leaving.map(({serviceId}) => serviceId))]);
	const moves = movesOf(world, node, seen);
	const again = moves.reduce((sum, {successors}) => sum + successors.length, 0);
	return {
		summary: `${plural(leaving.length, 'instance')} of ${plural(moves.length, 'service')} end at once, ${again} start anew elsewhere`,
		rows: moves.map(move => lossRow(after, dark, move, seen)),
	};
}

function lossRow(world: ClusterWorld, node: Node, move: Move, seen: Forecast): PreviewRow {
	const {service, leaving, stranded, serving} = move;
	const {name, spec} = service;
	if (isPerNode(spec)) {
		return {name, change: `${leaving.length} → ends`, note: 'global: started again when the node is back'};
	}

	const left = serving.filter(({nodeId}) => nodeId !== node.id);
	const change = destinationText(move);
	return stranded.length > 0
		? {name, change, note: strandedNote(world, node, move, seen), blocked: true}
		: {name, change, note: `${left.length} of ${spec.replicas} ${left.length === 1 ? 'goes' : 'go'} on meanwhile`};
}
