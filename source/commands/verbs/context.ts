import type {ContextEntry} from '../../core/context.ts';
import type {Listing} from '../output/listings.ts';
import {formatOf, listFields, renderList} from '../output/print.ts';
import {defineVerb} from '../verb.ts';

function listingWith(current: string): Listing<ContextEntry> {
	return {
		columns: () => [
			{title: 'CURRENT', value: ({name}) => (name === current ? '*' : ' ')},
			{title: 'NAME', value: ({name}) => name},
			{title: 'ENGINE', value: ({engine}) => engine},
			{title: 'ENDPOINT', value: ({endpoint}) => endpoint},
		],
		shape: ({name, engine, endpoint}) => ({name, engine, endpoint, current: name === current}),
	};
}

export const contextLs = defineVerb({
	operands: [],
	fields: {noHeaders: listFields.noHeaders, format: listFields.format},
	async run({host, flags, shared}) {
		const current = await host.contexts.named(shared);
		const printing = {
			host,
			listing: listingWith(current),
			context: current,
			format: formatOf(flags, shared),
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, await host.contexts.list()));
		return 0;
	},
});

export const contextUse = defineVerb({
	operands: [{name: 'NAME'}],
	fields: {},
	async run({host, operands: [name = '']}) {
		const chosen = await host.contexts.choose({context: name});
		host.contexts.use(chosen);
		host.stdout.write(`${chosen}\n`);
		return 0;
	},
});
