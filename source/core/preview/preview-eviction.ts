import type {Held} from '../held.ts';
import type {Node} from '../model/index.ts';
import {type Forecast, forecast} from './forecast.ts';
import {destinationText, livingOn, type Move, movesOf, strandedNote} from './moves.ts';
import {plural} from './places.ts';
import type {Preview, PreviewRow} from './preview.ts';
import {isWithoutSlots, withSlots} from './slotless.ts';
import {type ClusterWorld, withNode} from './world.ts';

/**
 * What a drain brings on an engine that does it by evictions: each instance ends first, and its controller makes another one elsewhere.
 * Budgets hold some back, what nobody makes anew is gone, and what belongs to the node stays.
 */
export function previewEviction(world: ClusterWorld, node: Node, deadlineMs?: number): Preview {
	const {staying = 0} = node;
	const going = node.instances - staying;
	const found = world.held?.get(node.id) ?? [];
	const held = found.filter(({goes}) => !goes);
	const lost = found.filter(({goes}) => goes);
	const {drainDeadlineAt: _, ...asked} = node.spec;
	const drained: Node = {...node, spec: {...asked, availability: 'drained'}, availability: 'draining'};
	const ids = [...new Set(livingOn(world, node).map(({serviceId}) => serviceId))];
	const numbered = ids.reduce((seen, id) => (isWithoutSlots(seen, id) ? withSlots(seen, id) : seen), world);
	const after = withNode(numbered, drained);
	const seen = forecast(after, ids);
	const moves = movesOf(after, drained, seen);
	const evicted = moves.filter(({service}) => service.spec.mode !== 'global');
	const known = livingOn(world, node).filter(
		({serviceId}) => !moves.some(({service}) => service.id === serviceId && service.spec.mode === 'global'),
	);
	const unseen = going - known.length;
	return {
		summary: [
			evictedText(going, held.length),
			...(staying > 0 ? [`${staying} ${staying === 1 ? 'stays: it belongs' : 'stay: they belong'} to the node`] : []),
			...(held.length > 0 ? [heldText(held.length, deadlineMs)] : []),
		].join('; '),
		rows: [
			...evicted.map(move => evictedRow(after, drained, move, {seen, held})),
			...(unseen > 0 ? [{name: 'others', change: `${unseen} →`, note: 'not among what is listed here'}] : []),
			...lost.map(({name, why}): PreviewRow => ({name, change: 'goes', note: why, blocked: true})),
			...heldRows(held),
		],
	};
}

function evictedRow(
	world: ClusterWorld,
	node: Node,
	move: Move,
	{seen, held}: {readonly seen: Forecast; readonly held: readonly Held[]},
): PreviewRow {
	const {service, leaving, stranded, serving} = move;
	const {name, spec} = service;
	const atOnce = new Set(leaving.filter(one => !held.some(({id}) => id === one.id)).map(({id}) => id));
	const turns = atOnce.size === leaving.length ? '' : `${atOnce.size} at once, ${leaving.length - atOnce.size} later; `;
	if (spec.mode === 'job')
		return {name, change: `${leaving.length} → begins again`, note: `${turns}its run is cut off`};
	const change = destinationText(move);
	if (stranded.length > 0) return {name, change, note: strandedNote(world, node, move, seen), blocked: true};
	// What budgets hold goes when others have come.
	const kept = serving.filter(({id}) => !atOnce.has(id)).length;
	return {name, change, note: `${turns}${Math.min(kept, spec.replicas)} of ${spec.replicas} go on meanwhile`};
}

function evictedText(going: number, held: number): string {
	const atOnce = Math.max(0, going - held);
	if (going === 0) return 'nothing is evicted';
	if (held === 0) return `${plural(going, 'instance')} ${going === 1 ? 'is' : 'are'} evicted`;
	if (atOnce === 0) return 'nothing is evicted at once';
	return `${atOnce} of ${plural(going, 'instance')} ${atOnce === 1 ? 'is' : 'are'} evicted at once`;
}

/** So many of those that one thing holds are named. */
const namedOfEach = 5;

function heldRows(held: readonly Held[]): readonly PreviewRow[] {
	return [...Map.groupBy(held, ({why}) => why)].flatMap(([why, all]) => {
		const named = all.length > namedOfEach + 1 ? all.slice(0, namedOfEach) : all;
		const row = (name: string, change: string): PreviewRow => ({name, change, note: why, blocked: true});
		const others = all.length - named.length;
		return [
			...named.map(({name}) => row(name, 'stays for now')),
			...(others > 0 ? [row(`${others} others`, 'stay for now')] : []),
		];
	});
}

function heldText(count: number, deadlineMs: number | undefined): string {
	const until = deadlineMs === undefined ? 'which the drain waits for' : 'until its deadline';
	return `disruption budgets hold ${count}, ${until}`;
}
