import type {Change} from '../../source/core/backend.ts';
import type {Resource} from '../../source/core/model/index.ts';
import type {ResourceFacet} from '../../source/core/resource/facet.ts';

export const boats = {
	name: 'boats',
	kind: 'Boat',
	apiVersion: 'example.org/v1',
	namespaced: true,
	shortNames: [],
	verbs: ['list', 'watch'],
};

export function aBoat(name: string, cells: readonly string[], more: Partial<Resource> = {}): Resource {
	return {
		...{kind: 'resource', id: name, name, scope: 'shop', type: 'boats.example.org', title: 'Boat', labels: {}},
		...{cells: [name, ...cells], revision: '1', createdAt: 0, updatedAt: 0},
		...more,
	};
}

/** A watch in which nothing happens. */
export async function* quietWatch(signal: AbortSignal): AsyncGenerator<Change<'resource'>> {
	yield {type: 'bookmark', revision: '1'};
	await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
}

/** A kind beyond the model, of which there are two; what was asked for is told as a write is. */
export function scriptedResources(wrote: (text: string) => void): Partial<ResourceFacet> {
	return {
		types: async () => [boats],
		async table(_, {name}) {
			const columns = [
				{title: 'NAME', wide: false, numeric: false},
				{title: 'SIZE', wide: false, numeric: true},
			];
			const rows = [aBoat('one', ['9']), aBoat('two', ['14'])];
			return {type: boats, columns, rows: rows.filter(row => name === undefined || row.name === name), revision: '1'};
		},
		describe: async ({type, name}) => [`Name: ${name}`, `Kind: ${type}`],
		refOf: ({kind, name}) => (kind === 'secret' ? {type: 'secrets', name} : undefined),
		read: async ({type, name}, {reveals}) =>
			type === 'secrets'
				? {kind: 'Secret', metadata: {name}, data: {word: reveals ? 'open sesame' : '11 bytes'}}
				: {kind: 'Boat', metadata: {name}},
		watch: (_, __, ___, signal) => quietWatch(signal),
		async remove({type, name}) {
			wrote(`remove ${type} ${name}`);
		},
		async label({type, name}, labels) {
			wrote(`label ${type} ${name} ${JSON.stringify(labels)}`);
		},
	};
}
