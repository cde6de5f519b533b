import {ClusterError} from '../../core/error.ts';
import {type Problem, refuse as refuseProblems} from '../../core/spec/check.ts';
import {checkName} from '../../core/spec/name.ts';
import {checkNodeSpec} from '../../core/spec/node-spec.ts';
import {defineAction, type Step} from '../action.ts';
import {flagName} from '../fields/equal-command.ts';
import {bytes, choice, cpus, many, pair, record, text} from '../fields/fields.ts';
import {joinFields, membershipIn} from '../swarm/membership-fields.ts';
import {readyProgress} from './node-progress.ts';

export const addNode = defineAction({
	id: 'node.add',
	title: 'Add a node',
	on: 'node',
	creates: true,
	fields: {
		name: text('Name; default: the first free of n1, n2, …. Swarm: the address of the engine to take in', 'NAME', {
			operand: 'one',
		}),
		cpus: cpus('CPUs that it offers; default: those of the machine'),
		memory: bytes('Memory that it offers; default: that of the machine'),
		label: many(pair('Set a label', {short: 'l'})),
		role: choice('Swarm: as what it joins; default: worker', ['worker', 'manager']),
		...joinFields,
	},
	plan(world, _, input) {
		if (input.name?.includes('://')) return [joining(input.name, input)];
		refuseGiven(
			input,
			['role', ...Object.keys(joinFields)],
			'is for an engine that joins a swarm: name its address, such as ssh://USER@HOST',
		);
		const name = input.name ?? nextName(new Set(world.nodes.map(node => node.name)));
		refuseProblems(checkName(name, 'NAME'));
		if (world.nodes.some(node => node.name === name)) {
			throw new ClusterError('conflict', `there is a node ${name} already`);
		}

		const capacity = {
			...(input.cpus === undefined ? {} : {cpus: input.cpus}),
			...(input.memory === undefined ? {} : {memoryBytes: input.memory}),
		};
		refuseProblems(checkNodeSpec({availability: 'active', labels: {}, capacity}).map(atFlag));
		const ref = {kind: 'node', name} as const;
		const patch = {availability: 'active', labels: record(input.label ?? []), capacity} as const;
		return [{type: 'apply', ref, patch, create: true, inverse: {type: 'remove', ref}}];
	},
	progress: readyProgress,
});

/** Swarm: the engine at an address is taken in. */
function joining(address: string, input: {readonly role?: 'worker' | 'manager' | undefined}): Step {
	refuseGiven(input, ['cpus', 'memory', 'label'], 'cannot be said of an engine that joins: it offers all that it has');
	const {role = 'worker', ...options} = input;
	return {
		type: 'effect',
		ref: {kind: 'node', name: address},
		todo: `take ${address} in as ${role}`,
		title: `took ${address} in as ${role}`,
		async run(backend, tell) {
			const name = await membershipIn(backend).join(address, role, options);
			tell(`${name} is a ${role} of the swarm`);
		},
	};
}

function refuseGiven(input: object, fields: readonly string[], why: string): void {
	const given = Object.entries(input).find(([name, value]) => fields.includes(name) && value !== undefined);
	if (given !== undefined) throw new ClusterError('usage', `${flagName(given[0])} ${why}`);
}

function atFlag({path, message}: Problem): Problem {
	return {path: path.endsWith('cpus') ? '--cpus' : '--memory', message};
}

function nextName(taken: ReadonlySet<string>): string {
	let number = 1;
	while (taken.has(`n${number}`)) {
		number++;
	}

	return `n${number}`;
}
