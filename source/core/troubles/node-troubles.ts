import {takeBackMs} from '../lease.ts';
import type {Instant, Node} from '../model/index.ts';
import {action} from './remedies.ts';
import {compareTroubles, counted, listed, refOf, type Trouble} from './trouble.ts';

/** Nodes that are out in the same way are one trouble from this number on. */
const manyNodes = 4;
/** Not heard of since a daemon started: for so long that is nothing to worry about. */
const unknownAfterMs = 10_000;

/** Nodes that run nothing: down, or not heard of. */
export function lostNodes({nodes, now}: {readonly nodes: readonly Node[]; readonly now: Instant}): Trouble[] {
	const down = nodes.filter(({status, removing}) => status.state === 'down' && !removing);
	const unknown = nodes.filter(({status}) => status.state === 'unknown' && now - status.at >= unknownAfterMs);
	return [...grouped('down', down, node => isDown(node, now)), ...grouped('not heard of', unknown, isUnknown)];
}

function grouped(what: string, nodes: readonly Node[], troubleOf: (node: Node) => Trouble): Trouble[] {
	const troubles = nodes.map(troubleOf);
	if (nodes.length < manyNodes) {
		return troubles;
	}

	const [first] = troubles.toSorted(compareTroubles) as [Trouble, ...Trouble[]];
	const names = nodes.map(({name}) => name).sort();
	return [
		{
			...first,
			id: `nodes ${what}`,
			title: `${nodes.length} nodes are ${what}`,
			count: nodes.length,
			cause: `${listed(names, 6)}; ${first.about?.name ?? ''}: ${first.cause}`,
			remedy: {text: first.remedy.text},
			jump: {to: 'nodes'},
		},
	];
}

function isDown(node: Node, now: Instant): Trouble {
	const {status} = node;
	const onPurpose = status.failedUntil !== undefined;
	const isGoneForGood = !onPurpose && now - status.at > goneAfterMs;
	return {
		id: `down ${node.id}`,
		severity: onPurpose ? 'serious' : 'critical',
		title: `Node ${node.name} is down`,
		about: refOf(node),
		count: 1,
		cause: `${status.message ?? 'silent'}${status.fencing ? '; is being fenced' : ''}`,
		remedy: onPurpose
			? {text: 'It comes back by itself when its time is over.'}
			: {
					text: 'It comes back by itself once its machine does. Where that never will: remove it.',
					...(isGoneForGood && !status.fencing ? {action: action('node.rm', node)} : {}),
				},
		jump: {to: 'describe', about: refOf(node)},
	};
}

/** So many attempts to take it back have come to nothing. */
const goneAfterMs = 6 * takeBackMs;

function isUnknown(node: Node): Trouble {
	return {
		id: `unknown ${node.id}`,
		severity: 'serious',
		title: `Node ${node.name} is not heard of`,
		about: refOf(node),
		count: 1,
		cause: node.status.message ?? 'nothing was heard of it since the engine started',
		remedy: {text: 'Its agent has not connected: look whether it runs, and at its log.'},
		jump: {to: 'describe', about: refOf(node)},
	};
}

/** Nodes that are ready, and say themselves that something is wrong with them. */
export function ailingNodes({nodes}: {readonly nodes: readonly Node[]}): Trouble[] {
	const ailing = nodes.filter(
		({status, removing}) => status.state === 'ready' && status.ailing !== undefined && !removing,
	);
	return grouped('ailing', ailing, node => ({
		id: `ailing ${node.id}`,
		severity: 'serious',
		title: `Node ${node.name} is ailing`,
		about: refOf(node),
		count: 1,
		cause: node.status.ailing ?? '',
		remedy: {text: `Look after its machine; what it cannot hold it ends. Drain it where that takes long.`},
		jump: {to: 'describe', about: refOf(node)},
	}));
}

type Pressure = {
	readonly id: string;
	readonly what: string;
	readonly of: 'cpus' | 'memoryBytes';
	readonly from: number;
	readonly severity: Trouble['severity'];
};

const pressures: readonly Pressure[] = [
	{id: 'node-memory', what: 'memory', of: 'memoryBytes', from: 0.9, severity: 'serious'},
	{id: 'node-cpu', what: 'CPU', of: 'cpus', from: 0.95, severity: 'minor'},
];

/** Nodes that use nearly all that they have: one trouble for CPU, one for memory. */
export function nodePressure({nodes}: {readonly nodes: readonly Node[]}): Trouble[] {
	return pressures.flatMap(pressure => {
		const {id, what, of, from, severity} = pressure;
		const pressed = nodes
			.flatMap(node => {
				const share = (node.usage?.[of] ?? 0) / node.capacity[of];
				return node.status.state === 'ready' && share >= from ? [{node, share}] : [];
			})
			.sort((a, b) => b.share - a.share || (a.node.name < b.node.name ? -1 : 1));
		const [worst] = pressed;
		if (worst === undefined) {
			return [];
		}

		const {node} = worst;
		const isOpen = node.availability === 'active';
		return [
			{
				id,
				severity,
				title:
					pressed.length === 1
						? `Node ${node.name} is nearly out of ${what}`
						: `${pressed.length} nodes are nearly out of ${what}`,
				about: refOf(node),
				count: pressed.length,
				cause: `${listed(pressed.map(one => `${one.node.name} uses ${Math.round(one.share * 100)} %`))} of its ${what}`,
				remedy: isOpen
					? {text: `Place nothing more on ${node.name}, or drain it.`, action: action('node.cordon', node)}
					: {text: `Move something away from ${node.name}: drain it, or scale what uses most.`},
				jump: {to: 'instances', about: refOf(node)},
			} satisfies Trouble,
		];
	});
}

/** Of all that can be reserved. */
const nearlyFull = 0.95;

/** Hardly anything more would find room. */
export function fullCluster({nodes}: {readonly nodes: readonly Node[]}): Trouble[] {
	const open = nodes.filter(({status, availability}) => status.state === 'ready' && availability === 'active');
	const [fullest] = (['cpus', 'memoryBytes'] as const)
		.map(of => ({of, share: reservedShare(open, of)}))
		.sort((a, b) => b.share - a.share);
	if (fullest === undefined || fullest.share < nearlyFull) {
		return [];
	}

	const what = fullest.of === 'cpus' ? 'CPUs' : 'memory';
	return [
		{
			id: 'full',
			severity: 'minor',
			title: 'The cluster is nearly full',
			count: open.length,
			cause: `${Math.floor(fullest.share * 100)} % of the ${what} of ${counted(open.length, 'node')} are reserved`,
			remedy: {text: 'Add a node, or lower what services reserve.'},
			jump: {to: 'nodes'},
		},
	];
}

/** Nodes that share a machine offer together no more than it has. */
function reservedShare(nodes: readonly Node[], of: 'cpus' | 'memoryBytes'): number {
	let reserved = 0;
	let capacity = 0;
	for (const group of Map.groupBy(nodes, ({id, machine}) => machine?.name ?? `node ${id}`).values()) {
		const own = group.reduce((sum, node) => sum + node.capacity[of], 0);
		capacity += Math.min(own, group[0]?.machine?.capacity[of] ?? own);
		reserved += group.reduce((sum, node) => sum + node.reserved[of], 0);
	}

	return capacity === 0 ? 0 : reserved / capacity;
}
