import {nodeListing, serviceListing} from './output/listings.ts';
import {formatOf, renderList} from './output/print.ts';
import {printValue} from './output/value.ts';
import type {Call} from './verb.ts';

/** The state of the cluster where there is no terminal for the dashboard: services and nodes. */
export async function startPage(call: Call): Promise<number> {
	const {host, shared} = call;
	const format = formatOf({}, shared);
	const backend = await call.backend();
	const [services, nodes] = await Promise.all([backend.list({kind: 'service'}), backend.list({kind: 'node'})]);
	const context = backend.name;
	if (format !== 'table' && format !== 'wide') {
		const page = {
			services: services.items.map(one => serviceListing.shape(one, context)),
			nodes: nodes.items.map(one => nodeListing.shape(one, context)),
		};
		host.stdout.write(await printValue(page, format));
		return 0;
	}

	const printing = {host, context, format, headers: true, noColor: shared.noColor};
	host.stdout.write(await renderList({...printing, listing: serviceListing}, services.items));
	host.stdout.write('\n');
	host.stdout.write(await renderList({...printing, listing: nodeListing}, nodes.items));
	return 0;
}
