import {refuse as refuseProblems} from '../core/check.ts';
import {ClusterError} from '../core/error.ts';
import {checkName} from '../core/name.ts';
import {defineAction, objectsOf, type Step, type World} from './action.ts';
import {many, pair, record, text, toggle} from './fields.ts';

const name = text('Name', 'NAME', {operand: 'one'});
const label = many(pair('Set a label', {short: 'l'}));

/** The one step that makes an object of this name. */
function create(kind: 'network' | 'volume', world: World, asked: string | undefined, patch: object): readonly Step[] {
	if (asked === undefined) {
		throw new ClusterError('usage', 'NAME is missing');
	}

	refuseProblems(checkName(asked, 'NAME'));
	if (objectsOf(world, kind).some(object => object.name === asked)) {
		throw new ClusterError('conflict', `there is a ${kind} ${asked} already`);
	}

	const ref = {kind: 'network' as const, name: asked};
	return [
		{
			type: 'apply',
			ref: {...ref, kind} as typeof ref,
			patch,
			create: true,
			inverse: {type: 'remove', ref: {...ref, kind}},
		},
	];
}

export const createNetwork = defineAction({
	id: 'network.create',
	title: 'Create a network',
	on: 'network',
	creates: true,
	fields: {name, label, internal: toggle('Nothing on it is published to the outside')},
	plan: (world, _, input) =>
		create('network', world, input.name, {
			...(input.label && {labels: record(input.label)}),
			...(input.internal !== undefined && {internal: input.internal}),
		}),
});

export const createVolume = defineAction({
	id: 'volume.create',
	title: 'Create a volume',
	on: 'volume',
	creates: true,
	fields: {name, label},
	plan: (world, _, input) => create('volume', world, input.name, {...(input.label && {labels: record(input.label)})}),
});
