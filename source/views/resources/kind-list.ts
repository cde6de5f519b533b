import type {Resource} from '../../core/model/index.ts';
import type {ResourceType} from '../../core/resource/facet.ts';
import type {Source} from '../list/listing.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {columnsOf} from './columns.ts';
import {goInRow} from './keymap.ts';
import {ofKinds} from './of-kinds.ts';

const titles = ['NAME', 'SHORT NAMES', 'KIND', 'API VERSION', 'NAMESPACED'];

export type KnownTypes = {
	/** As far as they have been heard of: the first look asks for them. */
	readonly types: readonly ResourceType[];
	readonly typesToCome: Promise<void> | undefined;
};

/** All kinds that the engine can list, a row each; the list of one is gone into. */
export class KindList implements Source<'resource'> {
	readonly #known: KnownTypes;
	readonly screen: TableScreen<'resource'>;
	#types: readonly ResourceType[] = [];
	#byId: ReadonlyMap<string, Resource> = new Map();
	#version = 0;

	constructor(known: KnownTypes) {
		this.#known = known;
		this.screen = {
			type: 'table',
			id: 'resources',
			columnsAs: 'kinds',
			aliases: [],
			kind: 'resource',
			source: () => this,
			compare: (a, b) => compareValues(a.name, b.name) || compareValues(a.id, b.id),
			orderedBy: 'NAME',
			columns: columnsOf(titles.map(title => ({title, wide: false, numeric: false}))),
			filterable: ({cells, labels}) => ({text: cells.join(' '), labels}),
			isFault: () => false,
			keymap: [goInRow],
			get empty() {
				return known.typesToCome === undefined ? 'Nobody knows which kinds there are.' : 'Reading …';
			},
		};
	}

	get byId(): ReadonlyMap<string, Resource> {
		this.#look();
		return this.#byId;
	}

	get version(): number {
		this.#look();
		return this.#version;
	}

	/** They come all at once. */
	changedSince(version: number): ReadonlySet<string> | undefined {
		return version === this.version ? new Set() : undefined;
	}

	#look(): void {
		const {types} = this.#known;
		if (types === this.#types) return;
		this.#types = types;
		this.#byId = new Map(kindRows(types).map(row => [row.id, row]));
		this.#version++;
	}
}

/** A kind of several groups is found by its group, too: `events.events.k8s.io`. */
export function kindRows(types: readonly ResourceType[]): readonly Resource[] {
	const seen = new Set<string>();
	return types
		.filter(({verbs}) => verbs.includes('list'))
		.map((type): Resource => {
			const {name, kind, apiVersion, namespaced, shortNames} = type;
			const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [];
			const word = seen.has(name) && group !== undefined ? `${name}.${group}` : name;
			seen.add(name);
			return {
				kind: 'resource',
				id: `${apiVersion} ${name}`,
				name: word,
				type: ofKinds,
				title: kind,
				labels: {},
				cells: [word, shortNames.join(', '), kind, apiVersion, namespaced ? 'yes' : 'no'],
				revision: '',
				createdAt: 0,
				updatedAt: 0,
			};
		});
}
