import {choice, toggle} from '../../actions/fields/fields.ts';
import type {Instance} from '../../core/model/index.ts';
import {instanceListing, type Listing} from '../output/listings.ts';
import {formatOf, listFields, renderList} from '../output/print.ts';
import {findOne} from '../resolve.ts';
import {defineVerb} from '../verb.ts';

const titles = ['NAME', 'NODE', 'STATE', 'CPU', 'MEMORY', 'RESTARTS', 'PID'];

const listing: Listing<Instance> = {
	columns(now) {
		const columns = instanceListing.columns(now).map(column => ({...column, wide: false}));
		return titles.flatMap(title => columns.filter(column => column.title === title));
	},
	shape: instanceListing.shape,
};

const figures = {
	cpu: ({usage}: Instance) => usage?.cpus ?? -1,
	memory: ({usage}: Instance) => usage?.memoryBytes ?? -1,
};

export const top = defineVerb({
	operands: [{name: 'SERVICE', completes: 'service', optional: true, many: true}],
	fields: {
		...listFields,
		sort: choice('By what', ['cpu', 'memory'], {fallback: 'cpu'}),
		watch: toggle('Go on with every change', {short: 'w'}),
	},
	async run(call) {
		const {host, flags, shared, operands} = call;
		const format = formatOf(flags, shared);
		const backend = await call.backend();
		const services = operands.length === 0 ? [] : (await backend.list({kind: 'service'})).items;
		const ids = new Set(operands.map(word => findOne('service', services, word, {exact: false}).id));
		const figure = figures[flags.sort ?? 'cpu'];
		const list = {
			query: {kind: 'instance', usage: true} as const,
			keep: (one: Instance) => one.status.state === 'running' && (ids.size === 0 || ids.has(one.serviceId)),
			compare: (a: Instance, b: Instance) => figure(b) - figure(a) || (a.name < b.name ? -1 : 1),
			printing: {
				host,
				listing,
				context: backend.name,
				format,
				headers: !flags.noHeaders,
				noColor: shared.noColor,
			},
		};
		if (flags.watch) {
			const {watchList} = await import('../watch-list.ts');
			return watchList(call, backend, list);
		}

		const {items} = await backend.list(list.query);
		host.stdout.write(await renderList(list.printing, items.filter(list.keep).toSorted(list.compare)));
		return 0;
	},
});
