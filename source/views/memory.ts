import {isObject} from '../core/difference/merge-patch.ts';
import type {Kept, Ports} from './ports.ts';

/** So many lines are kept of each. */
const maxLines = 500;

type Lines = 'commands' | 'filters';

/** As many as there are digits. */
export const mostNamespaces = 9;

/** By context; `used` is higher the later it was. */
type Namespaces = Readonly<Record<string, ReadonlyArray<{readonly name: string; readonly used: number}>>>;

/** What was typed and chosen, in this dashboard and in earlier ones. Read on first use. */
export class Memory {
	readonly #ports: Pick<Ports, 'recall' | 'keep'>;
	readonly #lines = new Map<Lines, readonly string[]>();
	#columns: Readonly<Record<string, readonly string[]>> | undefined;
	#favourites: Namespaces | undefined;

	constructor(ports: Pick<Ports, 'recall' | 'keep'>) {
		this.#ports = ports;
	}

	/** The oldest first, each once. */
	lines(name: Lines): readonly string[] {
		const known = this.#lines.get(name);
		if (known !== undefined) {
			return known;
		}

		const read = this.#read(name);
		this.#lines.set(name, read);
		return read;
	}

	/** Another dashboard may have added lines meanwhile. */
	addLine(name: Lines, line: string): void {
		if (line.trim() === '' || /[\r\n]/.test(line)) {
			return;
		}

		const mine = this.lines(name);
		const all = [...new Set([...this.#read(name), ...mine])].filter(one => one !== line);
		const lines = [...all, line].slice(-maxLines);
		this.#lines.set(name, lines);
		this.#keep(name, `${lines.join('\n')}\n`);
	}

	/** The titles that were chosen for a screen, in their order; undefined: none were. */
	columnsOf(screen: string): readonly string[] | undefined {
		this.#columns ??= readColumns(this.#ports.recall('columns'));
		return this.#columns[screen];
	}

	/** Undefined: as they are by themselves. */
	chooseColumns(screen: string, titles: readonly string[] | undefined): void {
		const all = new Map(Object.entries({...this.#columns, ...readColumns(this.#ports.recall('columns'))}));
		if (titles === undefined) {
			all.delete(screen);
		} else {
			all.set(screen, titles);
		}

		this.#columns = Object.fromEntries(all);
		this.#keep('columns', `${JSON.stringify(this.#columns, undefined, '\t')}\n`);
	}

	/** The namespaces that were chosen in a context, by their digits from 1. */
	namespacesOf(context: string): readonly string[] {
		return (this.#namespaces(false)[context] ?? []).map(({name}) => name);
	}

	/** Each keeps its digit; where all are taken, the one that was not used for the longest time gives its own. */
	keepNamespace(context: string, name: string): void {
		const all = this.#namespaces(true);
		const own = all[context] ?? [];
		const used = Math.max(0, ...own.map(one => one.used)) + 1;
		const oldest = own.reduce((least, one, index) => (one.used < (own[least]?.used ?? 0) ? index : least), 0);
		const known = own.findIndex(one => one.name === name);
		const at = known >= 0 ? known : own.length < mostNamespaces ? own.length : oldest;
		const next = [...own.slice(0, at), {name, used}, ...own.slice(at + 1)];
		this.#favourites = {...all, [context]: next};
		this.#keep('namespaces', `${JSON.stringify(this.#favourites, undefined, '\t')}\n`);
	}

	/** Another dashboard may have chosen some meanwhile. */
	#namespaces(again: boolean): Namespaces {
		if (again || this.#favourites === undefined) {
			this.#favourites = {...this.#favourites, ...readNamespaces(this.#ports.recall('namespaces'))};
		}

		return this.#favourites;
	}

	#read(name: Lines): readonly string[] {
		return (this.#ports.recall(name) ?? '').split('\n').filter(line => line !== '');
	}

	/** What cannot be kept is known until the end of this dashboard. */
	#keep(name: Kept, text: string): void {
		try {
			this.#ports.keep(name, text);
		} catch {}
	}
}

/** What somebody has written into the file by hand may be anything. */
function readColumns(text: string | undefined): Readonly<Record<string, readonly string[]>> {
	try {
		const found: unknown = JSON.parse(text ?? '{}');
		const entries = Object.entries(found ?? {}).filter(
			(entry): entry is [string, string[]] =>
				Array.isArray(entry[1]) && entry[1].length > 0 && entry[1].every(title => typeof title === 'string'),
		);
		return Object.fromEntries(entries);
	} catch {
		return {};
	}
}

/** As it was written, or whatever else is in the file. */
function readNamespaces(text: string | undefined): Namespaces {
	try {
		const found: unknown = JSON.parse(text ?? '{}');
		const entries = Object.entries(found ?? {}).filter(
			(entry): entry is [string, Namespaces[string]] => Array.isArray(entry[1]) && entry[1].every(isFavourite),
		);
		return Object.fromEntries(entries.map(([context, all]) => [context, all.slice(0, mostNamespaces)]));
	} catch {
		return {};
	}
}

function isFavourite(value: unknown): boolean {
	return isObject(value) && typeof value.name === 'string' && typeof value.used === 'number';
}
