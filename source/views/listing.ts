import type {Kind, Objects} from '../core/model/index.ts';
import {type Filter, parseFilter} from './filter.ts';
import type {TableScreen} from './screen.ts';
import {SortedRows} from './sorted-rows.ts';
import type {Place} from './state.ts';
import type {World} from './world.ts';

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

/** Keeps the rows of one place in their order and filtered, at the cost of what changed. */
export class LiveListing<K extends Kind> {
	readonly #screen: TableScreen<K>;
	readonly #source: Source<K>;
	#sorted: SortedRows<K> | undefined;
	#sortedAs = '';
	#filteredAs = '';
	#filter: Filter | undefined;
	/** Whether an object passes the filter: it is asked once. */
	#verdicts = new WeakMap<Objects[K], boolean>();
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
			this.#made = {from, filteredAs: this.#filteredAs, listing: this.#make(sorted, place)};
		}

		return this.#made.listing;
	}

	#sort({about, sort}: Place, world: World): SortedRows<K> {
		const sortedAs = JSON.stringify([about?.id, sort]);
		if (this.#sorted === undefined || this.#sortedAs !== sortedAs) {
			this.#sortedAs = sortedAs;
			this.#sorted = new SortedRows(this.#screen, this.#source, about, sort);
		}

		this.#sorted.update(world);
		return this.#sorted;
	}

	#prepareFilter({filter, faultsOnly}: Place): void {
		const filteredAs = `${faultsOnly} ${filter}`;
		if (this.#filteredAs !== filteredAs) {
			this.#filteredAs = filteredAs;
			this.#filter = parseFilter(filter);
			this.#verdicts = new WeakMap();
		}
	}

	#make(sorted: SortedRows<K>, {faultsOnly}: Place): Listing<Objects[K]> {
		const {objects: all} = sorted;
		const filter = this.#filter;
		if (filter === undefined && !faultsOnly) {
			return {objects: all, ids: sorted.ids, total: all.length, filter};
		}

		const objects = all.filter(object => this.#passes(object, faultsOnly));
		return {objects, ids: objects.map(({id}) => id), total: all.length, filter};
	}

	#passes(object: Objects[K], faultsOnly: boolean): boolean {
		const known = this.#verdicts.get(object);
		if (known !== undefined) {
			return known;
		}

		const isShown = !faultsOnly || this.#screen.isFault(object);
		const passes = isShown && (this.#filter?.matches(this.#screen.filterable(object)) ?? true);
		this.#verdicts.set(object, passes);
		return passes;
	}
}
