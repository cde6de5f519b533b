import type {Kept, Ports} from './ports.ts';

/** So many lines are kept of each. */
const maxLines = 500;

type Lines = 'commands' | 'filters';

/** What was typed and chosen, in this dashboard and in earlier ones. Read on first use. */
export class Memory {
	readonly #ports: Pick<Ports, 'recall' | 'keep'>;
	readonly #lines = new Map<Lines, readonly string[]>();
	#columns: Readonly<Record<string, readonly string[]>> | undefined;

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
