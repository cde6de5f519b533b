import type {Held} from '../held.ts';
import type {Node} from '../model/index.ts';
import {formatDuration} from '../text/units.ts';
import {type Forecast, forecast} from './forecast.ts';
import {destinationText, livingOn, type Move, movesOf, strandedNote} from './moves.ts';
import {plural} from './places.ts';
import type {Preview, PreviewRow} from './preview.ts';
import {previewEviction} from './preview-eviction.ts';
import {type ClusterWorld, withNode} from './world.ts';

/**
 * Where the instances of a node go when it is drained, a row per service: `30 → n1 16, n3 14`, `keeps 100 of 100`; or
 * `1 → nowhere` and why. After `deadlineMs` what could not move is stopped; without it the drain waits.
 */
export function previewDrain(world: ClusterWorld, node: Node, deadlineMs?: number): Preview {
	if (node.staying !== undefined) return previewEviction(world, node, deadlineMs);
	const leaving = livingOn(world, node);
	const held = world.held?.get(node.id) ?? [];
	if (leaving.length === 0 && held.length === 0) {
		return {summary: 'no instance is on it: it is drained at once', rows: []};
	}

	const {drainDeadlineAt: _, ...asked} = node.spec;
	const drained: Node = {...node, spec: {...asked, availability: 'drained'}, availability: 'draining'};
	const after = withNode(world, drained);
	const seen = forecast(after, [...new Set(leaving.map(({serviceId}) => serviceId))]);
	const moves = movesOf(after, drained, seen);
	const rows = moves.map(move => drainRow(after, drained, move, seen, deadlineMs));
	const firstKept = rows.findIndex(({note}) => note?.startsWith('keeps'));
	return {
		summary: [
			...(leaving.length === 0 ? [] : [drainSummary(moves, leaving.length, deadlineMs)]),
			...heldText(held, deadlineMs),
		].join('; '),
		rows: [
			...rows.map((row, index) => (index === firstKept ? {...row, note: `${row.note} (new ones first)`} : row)),
			...held.map(({name, why}): PreviewRow => ({name, change: 'stays for now', note: why, blocked: true})),
		],
	};
}

function drainRow(
	world: ClusterWorld,
	node: Node,
	move: Move,
	seen: Forecast,
	deadlineMs: number | undefined,
): PreviewRow {
	const {service, leaving, stranded} = move;
	const {name, spec} = service;
	if (spec.mode === 'global') {
		return {name, change: `${leaving.length} → stops`, note: 'global: one runs on each node that takes work'};
	}

	if (spec.mode === 'job') {
		const until = deadlineMs === undefined ? '' : `, at most ${formatDuration(deadlineMs)}`;
		return {name, change: `${leaving.length} → stays until it ends`, note: `a run of a job is not moved${until}`};
	}

	const change = destinationText(move);
	return stranded.length > 0
		? {name, change, note: strandedNote(world, node, move, seen), blocked: true}
		: {name, change, note: keepsText(move)};
}

/** New ones are healthy before old ones stop, so that what serves now goes on to be served. */
function keepsText({service: {spec}, serving}: Move): string {
	return `keeps ${Math.min(serving.length, spec.replicas)} of ${spec.replicas}`;
}

function drainSummary(moves: readonly Move[], total: number, deadlineMs: number | undefined): string {
	const stranded = moves.reduce((sum, move) => sum + move.stranded.length, 0);
	const staying = moves.reduce(
		(sum, {service, leaving}) => sum + (service.spec.mode === 'job' ? leaving.length : 0),
		0,
	);
	const ending = moves.reduce(
		(sum, {service, leaving}) => sum + (service.spec.mode === 'global' ? leaving.length : 0),
		0,
	);
	const moving = total - stranded - staying - ending;
	const parts = [
		...(moving > 0 ? [moving === 1 ? '1 moves' : `${moving} move`] : []),
		...(ending > 0 ? [ending === 1 ? '1 stops' : `${ending} stop`] : []),
		...(staying > 0 ? [staying === 1 ? '1 ends by itself' : `${staying} end by themselves`] : []),
		...(stranded > 0 ? [strandedText(stranded, deadlineMs)] : []),
	];
	return `${plural(total, 'instance')} of ${plural(moves.length, 'service')}: ${parts.join(', ')}`;
}

function heldText({length}: readonly Held[], deadlineMs: number | undefined): readonly string[] {
	const end = deadlineMs === undefined ? 'which the drain waits for' : `until ${formatDuration(deadlineMs)} are over`;
	return length === 0 ? [] : [`disruption budgets hold ${length}, ${end}`];
}

function strandedText(count: number, deadlineMs: number | undefined): string {
	const nowhere = `${count} ${count === 1 ? 'has' : 'have'} nowhere to go`;
	return deadlineMs === undefined
		? `${nowhere}, which the drain waits for`
		: `${nowhere} and ${count === 1 ? 'is' : 'are'} stopped after ${formatDuration(deadlineMs)}`;
}
