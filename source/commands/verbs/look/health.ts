import type {ComponentHealth} from '../../../core/backend.ts';
import type {Tone} from '../../../core/instance-state.ts';
import {facet} from '../../arguments/reach.ts';
import type {Listing} from '../../output/listings.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {defineVerb} from '../../verb.ts';

const tones: Readonly<Record<ComponentHealth['state'], Tone>> = {
	ok: 'good',
	warning: 'waiting',
	unknown: 'waiting',
	failed: 'bad',
};

export const healthListing: Listing<ComponentHealth> = {
	columns: () => [
		{title: 'COMPONENT', value: ({name}) => name},
		{title: 'STATE', value: ({state}) => state, tone: ({state}) => tones[state]},
		{title: 'MESSAGE', shrinkTo: 20, value: ({message}) => message},
	],
	shape: ({name, state, message}, context) => ({name, context, state, message}),
};

export const health = defineVerb({
	operands: [],
	fields: {noHeaders: listFields.noHeaders, format: listFields.format},
	details: 'Ends with 1 where a component has failed.',
	async run({host, flags, shared, backend: open}) {
		const format = formatOf(flags, shared);
		const backend = await open();
		const read = facet(backend, backend.facets.health, 'tell the state of its control plane');
		const components = await read.call(backend.facets);
		const printing = {
			host,
			listing: healthListing,
			context: backend.name,
			format,
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, components));
		return components.some(({state}) => state === 'failed') ? 1 : 0;
	},
});
