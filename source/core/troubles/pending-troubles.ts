import {holdsRoom} from '../instance-state.ts';
import type {Node, Service} from '../model/index.ts';
import {demandOf, pendingInstance} from '../schedule/demand.ts';
import {cpusText, type Refusal, refuse} from '../schedule/filters.ts';
import {amountOf, emptyRooms, fill, type Room} from '../schedule/room.ts';
import {formatBytes} from '../text/units.ts';
import {severityOf} from './crash-troubles.ts';
import type {FaultFacts, ServiceFacts} from './facts.ts';
import {action} from './remedies.ts';
import {compareTroubles, counted, listed, refOf, type Trouble, type TroubleWorld} from './trouble.ts';

type Waiting = {readonly facts: ServiceFacts; readonly found: FaultFacts; readonly reason: string};

/** Services that wait for the same thing are one trouble from this number on. */
const manyServices = 3;
const mebibyte = 2 ** 20;
const noReason = 'the scheduler has not looked at it yet';

/** Instances that no node takes. */
export function pending(all: readonly ServiceFacts[], world: TroubleWorld): Trouble[] {
	const waiting = all.flatMap(facts => {
		const found = facts.faults.get('pending');
		return found === undefined ? [] : [{facts, found, reason: found.reasons.most ?? noReason}];
	});
	if (waiting.length === 0) {
		return [];
	}

	const rooms = roomsOf(world.nodes);
	const scheduler = world.components?.find(({name, state}) => state === 'failed' && name.includes('scheduler'))?.name;
	const ofEach = (one: Waiting) => {
		const trouble = ofOne(one, rooms, runningOn(one.facts.service, world));
		if (scheduler === undefined || one.reason !== noReason) return trouble;
		return {...trouble, remedy: {text: `See to the ${scheduler} first: nothing gets a node without it.`}};
	};
	return [...Map.groupBy(waiting, ({reason}) => alike(reason)).values()].flatMap(group =>
		group.length < manyServices ? group.map(ofEach) : [ofMany(group.map(ofEach).sort(compareTroubles))],
	);
}

/** What is left of a reason without its numbers and what follows on single nodes. */
function alike(reason: string): string {
	return reason.replace(/:.*/s, '').replace(/[\d.]+/g, '#');
}

function ofOne({facts, found, reason}: Waiting, rooms: readonly Room[], running: ReadonlyMap<string, number>): Trouble {
	const {service} = facts;
	return {
		id: `pending ${service.id}`,
		severity: severityOf(facts),
		title: `${service.name} waits for a node`,
		about: refOf(service),
		count: found.count,
		cause: `${found.count} of ${counted(facts.wanted, 'instance')}: ${reason}`,
		remedy: remedyFor(service, found, rooms, running),
		jump: {to: 'describe', about: refOf(found.example)},
	};
}

function ofMany(troubles: readonly Trouble[]): Trouble {
	const [first] = troubles as [Trouble, ...Trouble[]];
	const count = troubles.reduce((sum, trouble) => sum + trouble.count, 0);
	const names = troubles.map(({about}) => about?.name ?? '');
	return {
		...first,
		id: `pending ${alike(first.cause.replace(/^[^:]*: /, ''))}`,
		title: `${troubles.length} services wait for a node`,
		count,
		cause: `${counted(count, 'instance')} of ${listed(names)}: ${first.cause.replace(/^[^:]*: /, '')}`,
	};
}

/** The nodes with what the node controller says is reserved there. */
function roomsOf(nodes: readonly Node[]): readonly Room[] {
	const rooms = emptyRooms(nodes);
	for (const room of rooms) {
		fill(room, amountOf(room.node.reserved));
	}

	return rooms;
}

/** By node: how many of the service hold room there, where that matters. */
function runningOn({id, spec}: Service, {instances}: TroubleWorld): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	if (spec.placement.maxReplicasPerNode > 0) {
		for (const {serviceId, nodeId, status} of instances) {
			if (serviceId === id && nodeId !== undefined && holdsRoom(status.state)) {
				counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
			}
		}
	}

	return counts;
}

/** What would let a node take it: opening one that is closed, a higher limit per node, less to ask for. */
function remedyFor(
	service: Service,
	{example}: FaultFacts,
	rooms: readonly Room[],
	running: ReadonlyMap<string, number>,
): Trouble['remedy'] {
	const {maxReplicasPerNode, constraints} = service.spec.placement;
	const demand = demandOf(pendingInstance(example, service.spec));
	const closed = rooms.find(
		room => isClosed(room.node) && refuse({...room, node: opened(room.node)}, demand, 0) === undefined,
	);
	if (closed !== undefined) {
		const {node} = closed;
		return {
			text: `${node.name} has room, but is ${node.availability}: let it take work again.`,
			action: action('node.uncordon', node),
		};
	}

	if (maxReplicasPerNode > 0 && rooms.some(room => refuse(room, demand, 0) === undefined)) {
		return {
			text: `Add a node, or allow ${maxReplicasPerNode + 1} instances on each.`,
			action: action('service.update', service, {replicasMaxPerNode: maxReplicasPerNode + 1}),
		};
	}

	const short = rooms.flatMap(room => refuse(room, demand, running.get(room.node.id) ?? 0)?.short ?? []);
	if (short.length > 0) {
		return lessFor(service, short);
	}

	return constraints.length > 0 && rooms.length > 0
		? {text: `Label a node as asked (muster node label), or change the constraints of ${service.name}.`}
		: {text: 'Add a node, or bring one back.'};
}

function lessFor(service: Service, short: ReadonlyArray<NonNullable<Refusal['short']>>): Trouble['remedy'] {
	const of = short[0]?.of ?? 'milliCpus';
	const most = short.reduce((best, {of: what, free}) => (what === of ? Math.max(best, free) : best), 0);
	const isMemory = of === 'bytes';
	const kept = isMemory ? Math.floor(most / mebibyte) * mebibyte : Math.floor(most / 10) / 100;
	const more = 'Add a node or stop something else';
	return kept <= 0
		? {text: `${more}: nothing is left to reserve.`}
		: {
				text: `${more}, or reserve less: ${isMemory ? `${formatBytes(kept)} of memory` : cpusText(kept * 1000)} would fit.`,
				action: action('service.update', service, isMemory ? {reserveMemory: kept} : {reserveCpu: kept}),
			};
}

function isClosed({status, availability, removing}: Node): boolean {
	return status.state === 'ready' && availability !== 'active' && !removing;
}

function opened(node: Node): Node {
	return {...node, spec: {...node.spec, availability: 'active'}, availability: 'active'};
}
