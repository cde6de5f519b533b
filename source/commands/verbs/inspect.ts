import type {Field} from '../../actions/action.ts';
import {text} from '../../actions/fields.ts';
import {ClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import {
	imageListing,
	instanceListing,
	type Listing,
	nodeListing,
	poolListing,
	serviceListing,
} from '../output/listings.ts';
import {formatOf, listFields, renderList} from '../output/print.ts';
import {configListing, networkListing, secretListing, volumeListing} from '../output/stored.ts';
import {findOne, lyingOn} from '../resolve.ts';
import {defineVerb, type Verb} from '../verb.ts';

function inspectVerb<K extends Kind>(
	kind: K,
	listing: Listing<Objects[K]>,
	more: {readonly node?: Field<string>} = {},
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
			const printing = {host, listing, context: backend.name, format, headers: true, noColor: shared.noColor};
			host.stdout.write(await renderList(printing, found));
			return 0;
		},
	});
}

export const serviceInspect = inspectVerb('service', serviceListing);
export const instanceInspect = inspectVerb('instance', instanceListing);
export const nodeInspect = inspectVerb('node', nodeListing);
export const poolInspect = inspectVerb('pool', poolListing);
export const imageInspect = inspectVerb('image', imageListing);
export const networkInspect = inspectVerb('network', networkListing);
export const volumeInspect = inspectVerb('volume', volumeListing, {
	node: text('Only what lies on this node', 'NODE', {names: 'node'}),
});
export const configInspect = inspectVerb('config', configListing);
export const secretInspect = inspectVerb('secret', secretListing);
