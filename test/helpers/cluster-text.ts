import {holdsRoom} from '../../source/core/instance-state.ts';
import type {Instance, Node, Service} from '../../source/core/model/index.ts';
import {addResources, type MachineCapacity, noResources, type Resources} from '../../source/core/model/resources.ts';
import {parseBytes, parseCpus, parseDuration} from '../../source/core/text/units.ts';
import {readInstance} from './cluster-text-instance.ts';
import {readService} from './cluster-text-service.ts';

export type ClusterText = {
	readonly now: number;
	readonly services: Service[];
	readonly instances: Instance[];
	readonly nodes: Node[];
	readonly images: [];
};

/** Takes the words of a line one after the other. */
export type Words = {next(): string | undefined; take(): string};

/**
 * A cluster as text, a thing per line (or between ` · `), `#` starts a comment. What is not said is the plainest there is;
 * the id of a thing is its name with `-id` behind it.
 *
 *     at 60s
 *     machine box cpus 8 memory 16GiB instances 100
 *     node n1 ready cpus 8 memory 16GiB zone=a machine box          node n2 cordoned
 *     service web replicas 3 reserve cpus 1 constraint node.labels.zone==a prefer spread=node.labels.zone
 *     service logs global        service batch job 5 concurrent 2
 *     instance web.1 on n1 running healthy version 1 at 50s         instance logs.n1 running
 *     instance web.2 failed at 40s exit 1 id old         instance web.2 on n2 running stopping "scaled down"
 */
export function readCluster(text: string): ClusterText {
	let now = 0;
	const services: Service[] = [];
	const instances: Instance[] = [];
	const nodes: Node[] = [];
	const machines = new Map<string, MachineCapacity>();
	for (const line of text.split(/\n| · /)) {
		const words = wordsOf(line.replace(/(^|\s)#.*$/, ''));
		const kind = words.next();
		if (kind === 'at') {
			now = parseDuration(words.take());
		} else if (kind === 'machine') {
			machines.set(words.take(), readMachine(words));
		} else if (kind === 'node') {
			nodes.push(readNode(words, machines));
		} else if (kind === 'service') {
			services.push(readService(words));
		} else if (kind === 'instance') {
			instances.push(readInstance(words, services, nodes));
		} else if (kind !== undefined) {
			throw new Error(`A line starts with at, machine, node, service or instance, not ${kind}: ${line}`);
		}
	}

	return {now, services, instances, nodes: nodes.map(node => counted(node, instances, services)), images: []};
}

/** With what the node controller would have written: the living instances and what they reserve. */
function counted(node: Node, instances: readonly Instance[], services: readonly Service[]): Node {
	const living = instances.filter(({nodeId, status}) => nodeId === node.id && holdsRoom(status.state));
	const reserveOf = new Map(services.map(({id, spec}) => [id, spec.template.reserve]));
	const reserved = living.reduce(
		(sum, {serviceId}) => addResources(sum, reserveOf.get(serviceId) ?? noResources),
		noResources,
	);
	return {...node, reserved, instances: living.length};
}

/** The one of this name; throws when there is none. */
export function named<T extends {readonly name: string}>(items: readonly T[], name: string): T {
	const found = items.find(item => item.name === name);
	if (found === undefined) {
		throw new Error(`Nothing is called ${name}: there are ${items.map(item => item.name).join(', ') || 'none'}`);
	}

	return found;
}

function wordsOf(line: string): Words {
	const all = line.match(/"[^"]*"|\S+/g) ?? [];
	let index = 0;
	const next = () => all[index++]?.replaceAll('"', '');
	const take = () => {
		const word = next();
		if (word === undefined) {
			throw new Error(`A word is missing at the end of: ${line}`);
		}

		return word;
	};
	return {next, take};
}

function readMachine(words: Words): MachineCapacity {
	let capacity: MachineCapacity = {cpus: 8, memoryBytes: parseBytes('16GiB')};
	for (let word = words.next(); word !== undefined; word = words.next()) {
		capacity = {...capacity, ...(word === 'instances' ? {instances: Number(words.take())} : readAmount(word, words))};
	}

	return capacity;
}

/** `cpus 2` or `memory 1GiB`. */
export function readAmount(word: string, words: Words): Partial<Resources> {
	if (word === 'cpus') {
		return {cpus: parseCpus(words.take())};
	}

	if (word === 'memory') {
		return {memoryBytes: parseBytes(words.take())};
	}

	throw new Error(`An amount is cpus or memory, not ${word}`);
}

function readNode(words: Words, machines: ReadonlyMap<string, MachineCapacity>): Node {
	let node = plainNode(words.take());
	for (let word = words.next(); word !== undefined; word = words.next()) {
		node = {...node, ...readNodeWord(node, word, words, machines)};
	}

	return node;
}

function readNodeWord(
	{spec, status, capacity, usage, pool}: Node,
	word: string,
	words: Words,
	machines: ReadonlyMap<string, MachineCapacity>,
): Partial<Node> {
	switch (word) {
		case 'ready':
		case 'down':
		case 'unknown':
			return {status: {...status, state: word}};
		case 'fencing':
			return {status: {...status, state: 'down', fencing: true}};
		case 'removing':
			return {removing: true};
		case 'cordoned':
			return {spec: {...spec, availability: word}, availability: word};
		case 'draining':
		case 'drained':
			return {spec: {...spec, availability: 'drained'}, availability: word};
		case 'deadline':
			return {spec: {...spec, drainDeadlineAt: parseDuration(words.take())}};
		case 'failed-until':
			return {status: {...status, failedUntil: parseDuration(words.take())}};
		case 'at':
			return {status: {...status, at: parseDuration(words.take())}};
		case 'because':
			return {status: {...status, message: words.take()}};
		case 'ailing':
			return {status: {...status, ailing: words.take()}};
		case 'uses':
			return {usage: {at: 0, ...usage, ...readAmount(words.take(), words)}};
		case 'generation':
			return {generation: Number(words.take())};
		case 'role':
			return {role: words.take() === 'manager' ? 'manager' : 'worker'};
		case 'pool':
			return {pool: {name: words.take(), leaving: false}};
		case 'leaving':
			return {pool: {name: pool?.name ?? '', leaving: true}};
		case 'machine': {
			const name = words.take();
			const whole = machines.get(name);
			if (whole === undefined) {
				throw new Error(`No line "machine ${name}" stands before`);
			}

			return {machine: {name, capacity: whole}};
		}
		default: {
			const [, key, value] = /^([^=]+)=(.*)$/.exec(word) ?? [];
			return key === undefined
				? {capacity: {...capacity, ...readAmount(word, words)}}
				: {spec: {...spec, labels: {...spec.labels, [key]: value ?? ''}}};
		}
	}
}

function plainNode(name: string): Node {
	return {
		kind: 'node',
		id: `${name}-id`,
		name,
		revision: '1',
		createdAt: 0,
		updatedAt: 0,
		spec: {availability: 'active', labels: {}, capacity: {}},
		status: {state: 'ready', at: 0, fencing: false},
		availability: 'active',
		generation: 1,
		capacity: {cpus: 8, memoryBytes: parseBytes('16GiB')},
		reserved: {cpus: 0, memoryBytes: 0},
		instances: 0,
		removing: false,
	};
}
