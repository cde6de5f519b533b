import type {Kind, Objects} from '../../core/model/index.ts';
import type {TableScreen} from '../screen.ts';
import type {About, Place} from '../state.ts';
import {sortKeyOf} from '../widgets/columns.ts';
import type {World} from '../world.ts';
import type {Source} from './listing.ts';

type Key = string | number | undefined;
type Row<R> = {readonly object: R; readonly key: Key};

/** To look for one row by halving costs about as much as to go past so many. */
const searchCost = 16;

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
		const others = new Set(changed);
		const put = (index: number, id: string) => {
			const before = objects[index];
			const object = this.#source.byId.get(id);
			if (before?.id === id && object !== undefined && this.#staysAt(index, before, object, world)) {
				objects[index] = object;
				others.delete(id);
			}
		};
		if (changed.size * searchCost > objects.length) {
			for (let index = 0; index < objects.length; index++) {
				const {id} = objects[index] as Objects[K];
				if (changed.has(id)) put(index, id);
			}
		} else {
			for (const id of changed) {
				const object = this.#source.byId.get(id);
				if (object !== undefined) put(this.#indexAfter({object, key: this.#keyOf?.(object, {world})}) - 1, id);
			}
		}

		this.#objects = objects;
		return others;
	}

	#staysAt(index: number, before: Objects[K], object: Objects[K], world: World): boolean {
		return (
			this.#keys[index] === this.#keyOf?.(object, {world}) &&
			this.#screen.compare(before, object) === 0 &&
			(this.#screen.belongs?.(object, this.#about) ?? true)
		);
	}

	/** Those of before without what changed, and that where it belongs now; looked for by halving. */
	#merge(changed: ReadonlySet<string>, world: World): void {
		if (changed.size === 0) {
			return;
		}

		const found = [...changed].flatMap(id => this.#source.byId.get(id) ?? []);
		const added = this.#rowsOf(found, world);
		const objects: Array<Objects[K]> = [];
		const keys: Key[] = [];
		let from = 0;
		const keepUpTo = (end: number) => {
			for (; from < end; from++) {
				const object = this.#objects[from] as Objects[K];
				if (!changed.has(object.id)) {
					objects.push(object);
					keys.push(this.#keys[from]);
				}
			}
		};
		for (const row of added) {
			keepUpTo(this.#indexAfter(row, from));
			objects.push(row.object);
			keys.push(row.key);
		}

		keepUpTo(this.#objects.length);
		if (added.length > 0 || objects.length < this.#objects.length) {
			this.#objects = objects;
			this.#keys = keys;
			this.#ids = undefined;
		}
	}

	/** The first index whose row comes after this one. */
	#indexAfter(row: Row<Objects[K]>, from = 0): number {
		let low = from;
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
