import {type Problem, refuse as refuseProblems} from '../core/check.ts';
import {ClusterError} from '../core/error.ts';
import {checkName} from '../core/name.ts';
import {checkNodeSpec} from '../core/node-spec.ts';
import {defineAction} from './action.ts';
import {bytes, cpus, many, pair, record, text} from './fields.ts';
import {readyProgress} from './node-progress.ts';

export const addNode = defineAction({
	id: 'node.add',
	title: 'Add a node',
	on: 'node',
	creates: true,
	fields: {
		name: text('Name; default: the first free of n1, n2, …', 'NAME', {operand: 'one'}),
		cpus: cpus('CPUs that it offers; default: those of the machine'),
		memory: bytes('Memory that it offers; default: that of the machine'),
		label: many(pair('Set a label', {short: 'l'})),
	},
	plan(world, _, input) {
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
