import {ClusterError} from '../../core/error.ts';
import type {Network, Volume} from '../../core/model/index.ts';
import {refuse as refuseProblems} from '../../core/spec/check.ts';
import {checkName} from '../../core/spec/name.ts';
import {stripControl} from '../../core/text/text.ts';
import {defineAction, objectsOf, type Step, type World} from '../action.ts';
import {bytes, many, pair, record, text, toggle} from '../fields/fields.ts';
import {networkFields, networkPatch} from './network-fields.ts';

const name = text('Name', 'NAME', {operand: 'one'});
const label = many(pair('Set a label', {short: 'l'}));

/** The one step that makes an object of this name. */
function create(
	kind: 'network' | 'volume',
	world: World,
	{name: asked, node}: {readonly name?: string; readonly node?: string},
	patch: object,
): readonly Step[] {
	if (asked === undefined) {
		throw new ClusterError('usage', 'NAME is missing');
	}

	refuseProblems(checkName(asked, 'NAME'));
	const isTaken = objectsOf(world, kind).some(object => object.name === asked && !isElsewhere(object, node));
	if (isTaken) {
		throw new ClusterError('conflict', `there is a ${kind} ${asked}${node === undefined ? '' : ` on ${node}`} already`);
	}

	const ref = {kind: 'network' as const, name: asked};
	const id = node === undefined ? {} : {id: `${node}/${asked}`};
	return [
		{
			type: 'apply',
			ref: {...ref, kind} as typeof ref,
			patch,
			create: true,
			inverse: {type: 'remove', ref: {...ref, ...id, kind}},
		},
	];
}

function nodeNamed({nodes}: World, word: string): string {
	const found = nodes.find(({name: other, id}) => other === word || id === word);
	if (found === undefined)
		throw new ClusterError('not-found', `--node: there is no node ${JSON.stringify(stripControl(word))}`);
	return found.name;
}

/** Of volumes that lie on nodes each node has its own; which node is taken where none is said, the engine knows. */
function isElsewhere(object: Network | Volume, node: string | undefined): boolean {
	return object.kind === 'volume' && object.nodeName !== undefined && !object.scope && object.nodeName !== node;
}

export const createNetwork = defineAction({
	id: 'network.create',
	title: 'Create a network',
	on: 'network',
	creates: true,
	fields: {
		name,
		label,
		internal: toggle('Nothing on it is published to the outside'),
		...networkFields,
	},
	form: {hidden: Object.keys(networkFields)},
	plan: (world, _, input) =>
		create('network', world, input, {
			...(input.label && {labels: record(input.label)}),
			...(input.internal !== undefined && {internal: input.internal}),
			...networkPatch(input),
		}),
});

/** What only some engines know of a volume: docker's names, and Kubernetes'. */
const volumeFields = {
	driver: text('Swarm: the driver; default: local', 'DRIVER'),
	opt: many(pair('Swarm: an option of the driver: type=tmpfs, device=tmpfs')),
	size: bytes('Kubernetes: how much room; default: 1 GiB'),
	storageClass: text('Kubernetes: the class of storage', 'CLASS'),
};

export const createVolume = defineAction({
	id: 'volume.create',
	title: 'Create a volume',
	on: 'volume',
	creates: true,
	fields: {
		name,
		label,
		node: text('On which node, where volumes lie on nodes', 'NODE', {names: 'node'}),
		...volumeFields,
	},
	form: {hidden: Object.keys(volumeFields)},
	plan(world, _, input) {
		const node = input.node === undefined ? undefined : nodeNamed(world, input.node);
		const {label, driver, opt, size, storageClass} = input;
		const patch = {
			...(label && {labels: record(label)}),
			...(node && {node}),
			...(driver !== undefined && {driver}),
			...(opt && {options: record(opt)}),
			...(size !== undefined && {sizeBytes: size}),
			...(storageClass !== undefined && {storageClass}),
		};
		return create('volume', world, {...input, ...(node && {node})}, patch);
	},
});
