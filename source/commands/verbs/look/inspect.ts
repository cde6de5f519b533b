import type {Field} from '../../../actions/action.ts';
import {text} from '../../../actions/fields/fields.ts';
import type {Backend} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Kind, Network, Objects} from '../../../core/model/index.ts';
import {networkMembers} from '../../../core/network-members.ts';
import {findOne, lyingOn} from '../../arguments/resolve.ts';
import {
	imageListing,
	instanceListing,
	type Listing,
	nodeListing,
	poolListing,
	serviceListing,
} from '../../output/listings.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {configListing, memberShape, networkListing, secretListing, volumeListing} from '../../output/stored.ts';
import {defineVerb, type Verb} from '../../verb.ts';

function inspectVerb<K extends Kind>(
	kind: K,
	listing: Listing<Objects[K]>,
	more: {readonly node?: Field<string>} = {},
	/** What is told besides what lists tell. */
	besides?: (backend: Backend) => Promise<(item: Objects[K]) => object>,
): Verb {
	return defineVerb({
		operands: [{name: kind.toUpperCase(), completes: kind, many: true}],
		fields: {format: listFields.format, ...more},
		details: 'As a list in JSON, or as -o says.',
		async run({host, flags, shared, operands, backend: open}) {
			const format = formatOf(flags, shared, 'json');
			if (format === 'table' || format === 'wide') {
				throw new ClusterError('usage', `-o ${format} is not possible here: json, yaml, ndjson and name are allowed`);
			}

			const backend = await open();
			const {items} = await backend.list({kind, history: true});
			const found = operands.map(word => findOne(kind, lyingOn(flags.node, items), word, {exact: false}));
			const tell = await besides?.(backend);
			const whole: Listing<Objects[K]> = tell === undefined ? listing : widened(listing, tell);
			const printing = {host, listing: whole, context: backend.name, format, headers: true, noColor: shared.noColor};
			host.stdout.write(await renderList(printing, found));
			return 0;
		},
	});
}

function widened<T>({columns, shape}: Listing<T>, tell: (item: T) => object): Listing<T> {
	return {columns, shape: (item, context) => ({...(shape(item, context) as object), ...tell(item)})};
}

async function membership(backend: Backend): Promise<(network: Network) => object> {
	const [services, instances] = await Promise.all([backend.list({kind: 'service'}), backend.list({kind: 'instance'})]);
	return network => ({members: networkMembers(network, services.items, instances.items).map(memberShape)});
}

export const serviceInspect = inspectVerb('service', serviceListing);
export const instanceInspect = inspectVerb('instance', instanceListing);
export const nodeInspect = inspectVerb('node', nodeListing);
export const poolInspect = inspectVerb('pool', poolListing);
export const imageInspect = inspectVerb('image', imageListing);
export const networkInspect = inspectVerb('network', networkListing, {}, membership);
export const volumeInspect = inspectVerb('volume', volumeListing, {
	node: text('Only what lies on this node', 'NODE', {names: 'node'}),
});
export const configInspect = inspectVerb('config', configListing);
export const secretInspect = inspectVerb('secret', secretListing);
