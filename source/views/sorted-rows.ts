import type {Kind, Objects} from '../core/model/index.ts';
import type {Source} from './listing.ts';
import type {TableScreen} from './screen.ts';
import type {About, Place} from './state.ts';
import {sortKeyOf} from './widgets/columns.ts';
import type {World} from './world.ts';

type Key = string | number | undefined;
type Row<R> = {readonly object: R; readonly key: Key};

/** The objects that belong to a place in their order; what changes is taken out and put in where it belongs now. */
export class SortedRows<K extends Kind> {
	readonly #screen: TableScreen<K>;
	readonly #source: Source<K>;
	readonly #about: About | undefined;
	readonly #sort: Place['sort'];
	readonly #unsorted: SortedRows<K> | undefined;
	readonly #keyOf: ReturnType<typeof sortKeyOf<Objects[K]>>;
	#objects: ReadonlyArray<Objects[K]> = [];
	#ids: readonly string[] | undefined;
	/** What they are sorted by, where that is a column. */
	#keys: readonly Key[] = [];
	#seenVersion = -1;
	#seenWorld: World | undefined;

	/** `unsorted`: the same rows in the screen's own order, from which sorting by a column begins. */
	constructor(
		screen: TableScreen<K>,
		source: Source<K>,
		{about, sort}: Pick<Place, 'about' | 'sort'>,
		unsorted?: SortedRows<K>,
	) {
		this.#unsorted = unsorted;
		const column = sort && screen.columns.find(({title}) => title === sort.column);
		this.#keyOf = column === undefined ? undefined : sortKeyOf(column);
		this.#screen = screen;
		this.#source = source;
		this.#about = about;
		this.#sort = sort;
	}

	/** The same array until one of them changes. */
	get objects(): ReadonlyArray<Objects[K]> {
		return this.#objects;
	}

	/** The same array until the order changes. */
	get ids(): readonly string[] {
		this.#ids ??= this.#objects.map(({id}) => id);
		return this.#ids;
	}

	update(world: World): void {
		const {version} = this.#source;
		const isOutdated = this.#column?.sortsByWorld === true && this.#seenWorld !== world;
		if (version === this.#seenVersion && !isOutdated) {
			return;
		}

		const changed = isOutdated ? undefined : this.#source.changedSince(this.#seenVersion);
		if (this.#seenVersion === -1 || changed === undefined) {
			this.#takeAll(world);
		} else if (changed.size > 0) {
			this.#merge(this.#replace(changed, world), world);
		}

		this.#seenVersion = version;
		this.#seenWorld = world;
	}

	get #column() {
		return this.#sort && this.#screen.columns.find(({title}) => title === this.#sort?.column);
	}

	#takeAll(world: World): void {
		const keyOf = this.#keyOf;
		if (this.#unsorted === undefined || keyOf === undefined) {
			this.#take(this.#rowsOf(this.#source.byId.values(), world));
			return;
		}

		// Most columns have few values: what is equal by them is in its order already.
		this.#unsorted.update(world);
		const byKey = Map.groupBy(this.#unsorted.objects, object => keyOf(object, {world}));
		const sign = this.#sort?.reverse ? -1 : 1;
		const groups = [...byKey].sort(([a], [b]) => compareKeys(a, b, sign));
		this.#objects = groups.flatMap(([, objects]) => objects);
		this.#keys = groups.flatMap(([key, objects]) => objects.map(() => key));
		this.#ids = undefined;
	}

	#rowsOf(objects: Iterable<Objects[K]>, world: World): ReadonlyArray<Row<Objects[K]>> {
		const rows: Array<Row<Objects[K]>> = [];
		for (const object of objects) {
			if (this.#screen.belongs?.(object, this.#about) ?? true) {
				rows.push({object, key: this.#keyOf?.(object, {world})});
			}
		}

		return rows.sort((a, b) => this.#compare(a, b));
	}

	#take(rows: ReadonlyArray<Row<Objects[K]>>): void {
		this.#objects = rows.map(({object}) => object);
		this.#keys = rows.map(({key}) => key);
		this.#ids = undefined;
	}

	/** What changed but stays where it is, as most do, takes its own place. Answers with the others. */
	#replace(changed: ReadonlySet<string>, world: World): ReadonlySet<string> {
		const objects = [...this.#objects];
		const others = new Set<string>();
		for (const id of changed) {
			const object = this.#source.byId.get(id);
			const key = object && this.#keyOf?.(object, {world});
			const index = object === undefined ? -1 : this.#indexAfter({object, key}) - 1;
			if (object !== undefined && objects[index]?.id === id && this.#keys[index] === key) {
				objects[index] = object;
			} else {
				others.add(id);
			}
		}

		this.#objects = objects;
		return others;
	}

	#merge(changed: ReadonlySet<string>, world: World): void {
		if (changed.size === 0) {
			return;
		}

		const found = [...changed].flatMap(id => this.#source.byId.get(id) ?? []);
		const added = this.#rowsOf(found, world);
		const kept: Array<Row<Objects[K]>> = [];
		for (const [index, object] of this.#objects.entries()) {
			if (!changed.has(object.id)) {
				kept.push({object, key: this.#keys[index]});
			}
		}

		if (added.length > 0 || kept.length < this.#objects.length) {
			this.#take(merged(kept, added, (a, b) => this.#compare(a, b)));
		}
	}

	/** The first index whose row comes after this one. */
	#indexAfter(row: Row<Objects[K]>): number {
		let low = 0;
		let high = this.#objects.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const object = this.#objects[middle];
			if (object === undefined || this.#compare({object, key: this.#keys[middle]}, row) > 0) {
				high = middle;
			} else {
				low = middle + 1;
			}
		}

		return low;
	}

	#compare(a: Row<Objects[K]>, b: Row<Objects[K]>): number {
		return (
			compareKeys(a.key, b.key, this.#sort?.reverse ? -1 : 1) ||
			this.#screen.compare(a.object, b.object) ||
			compareValues(a.object.id, b.object.id)
		);
	}
}

/** Two sorted lists as one: where each of the few goes is looked for by halving. */
function merged<T>(many: readonly T[], few: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
	const result: T[] = [];
	let from = 0;
	for (const item of few) {
		let low = from;
		let high = many.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (compare(many[middle] as T, item) <= 0) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		for (; from < low; from++) {
			result.push(many[from] as T);
		}

		result.push(item);
	}

	for (; from < many.length; from++) {
		result.push(many[from] as T);
	}

	return result;
}

/** What is absent comes last, whichever way it is sorted. */
function compareKeys(a: Key, b: Key, sign: number): number {
	if (a === undefined || b === undefined) {
		return Number(a === undefined) - Number(b === undefined);
	}

	return sign * compareValues(a, b);
}

export function compareValues<T extends string | number>(a: T, b: T): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
