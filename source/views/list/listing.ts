import type {Kind, Objects} from '../../core/model/index.ts';
import type {TableScreen} from '../screen.ts';
import type {Place} from '../state.ts';
import type {World} from '../world.ts';
import {type Filter, parseFilter} from './filter.ts';
import {SortedRows} from './sorted-rows.ts';

/** Objects of one kind, and which of them changed. A live collection is one. */
export type Source<K extends Kind> = {
	readonly byId: ReadonlyMap<string, Objects[K]>;
	readonly version: number;
	changedSince(version: number): ReadonlySet<string> | undefined;
};

/** The rows of a list in their order, before any is written. */
export type Listing<R> = {
	readonly objects: readonly R[];
	readonly ids: readonly string[];
	/** How many there are without filter. */
	readonly total: number;
	readonly filter: Filter | undefined;
};

/** So many orders of one list are kept, to come back to at the cost of what changed meanwhile. */
const mostOrders = 4;

/** Keeps the rows of a list in their order and filtered, at the cost of what changed. */
export class LiveListing<K extends Kind> {
	readonly #screen: TableScreen<K>;
	readonly #source: Source<K>;
	/** By what they are about and sorted by; the one used last at the end. */
	readonly #sorted = new Map<string, SortedRows<K>>();
	#filteredAs = '';
	#filter: Filter | undefined;
	/** The ids of what passes the filter, of all there is: each object is asked once. */
	#passing: Set<string> | undefined;
	#passingVersion = -1;
	#made:
		| {readonly from: ReadonlyArray<Objects[K]>; readonly filteredAs: string; readonly listing: Listing<Objects[K]>}
		| undefined;

	constructor(screen: TableScreen<K>, source: Source<K>) {
		this.#screen = screen;
		this.#source = source;
	}

	of(place: Place, world: World): Listing<Objects[K]> {
		const sorted = this.#sort(place, world);
		this.#prepareFilter(place);
		const from = sorted.objects;
		if (this.#made?.from !== from || this.#made.filteredAs !== this.#filteredAs) {
			this.#made = {from, filteredAs: this.#filteredAs, listing: this.#make(sorted, place, world)};
		}

		return this.#made.listing;
	}

	#sort(place: Place, world: World): SortedRows<K> {
		const rows = this.#rowsFor(place);
		rows.update(world);
		return rows;
	}

	#rowsFor({about, sort}: Pick<Place, 'about' | 'sort'>): SortedRows<K> {
		const sortedAs = JSON.stringify([about?.id, sort]);
		const unsorted = sort && this.#rowsFor(about === undefined ? {} : {about});
		const rows = this.#sorted.get(sortedAs) ?? new SortedRows(this.#screen, this.#source, {about, sort}, unsorted);
		this.#sorted.delete(sortedAs);
		this.#sorted.set(sortedAs, rows);
		const [oldest] = this.#sorted.keys();
		if (this.#sorted.size > mostOrders && oldest !== undefined) {
			this.#sorted.delete(oldest);
		}

		return rows;
	}

	#prepareFilter({filter, faultsOnly}: Place): void {
		const filteredAs = `${faultsOnly} ${filter}`;
		if (this.#filteredAs !== filteredAs) {
			this.#filteredAs = filteredAs;
			this.#filter = parseFilter(filter);
			this.#passing = undefined;
		}
	}

	#make(sorted: SortedRows<K>, {faultsOnly}: Place, world: World): Listing<Objects[K]> {
		const {objects: all} = sorted;
		const filter = this.#filter;
		if (filter === undefined && !faultsOnly) {
			return {objects: all, ids: sorted.ids, total: all.length, filter};
		}

		const passing = this.#passingOf(faultsOnly, world);
		const objects = all.filter(({id}) => passing.has(id));
		return {objects, ids: objects.map(({id}) => id), total: all.length, filter};
	}

	#passingOf(faultsOnly: boolean, world: World): ReadonlySet<string> {
		const {byId, version} = this.#source;
		const changed = this.#passing && this.#source.changedSince(this.#passingVersion);
		const passing = changed === undefined ? new Set<string>() : (this.#passing ?? new Set());
		for (const id of changed ?? byId.keys()) {
			const object = byId.get(id);
			if (object !== undefined && this.#passes(object, faultsOnly, world)) {
				passing.add(id);
			} else {
				passing.delete(id);
			}
		}

		this.#passing = passing;
		this.#passingVersion = version;
		return passing;
	}

	#passes(object: Objects[K], faultsOnly: boolean, world: World): boolean {
		const isShown = !faultsOnly || this.#screen.isFault(object);
		return isShown && (this.#filter?.matches(this.#screen.filterable(object, world)) ?? true);
	}
}
