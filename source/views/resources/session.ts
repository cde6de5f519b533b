import type {ResourceFacet, ResourceTable, ResourceType} from '../../core/backend.ts';
import {toClusterError} from '../../core/error.ts';
import {displayWidth, fitWidth, stripControl} from '../../core/text.ts';
import type {TextLines} from '../screen.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';

const sessions = new WeakMap<Ui, ResourceSession>();

/** What one dashboard looks at of the kinds beyond the model. */
export function resourceSession(ui: Ui): ResourceSession {
	let session = sessions.get(ui);
	if (session === undefined) {
		session = new ResourceSession(ui);
		sessions.set(ui, session);
	}

	return session;
}

const maxCellColumns = 60;

/** A kind as the engine itself lists it, or one object described; kept up to date as long as it is looked at. */
export class ResourceSession {
	readonly #ui: Ui;
	#asked: {readonly word: string; readonly name: string} | undefined;
	#table: ResourceTable | undefined;
	#described: readonly string[] | undefined;
	#error: string | undefined;
	#ending: AbortController | undefined;
	#types: readonly ResourceType[] = [];
	#namespaces: readonly string[] | undefined;
	#isAsking = false;

	constructor(ui: Ui) {
		this.#ui = ui;
	}

	/** Of all kinds, as far as they have been heard of: the first call asks for them. */
	get types(): readonly ResourceType[] {
		const resources = this.#resources;
		if (!this.#isAsking && resources !== undefined) {
			this.#isAsking = true;
			resources.types().then(
				types => {
					this.#types = types;
					this.#ui.refresh();
				},
				() => {
					this.#isAsking = false;
				},
			);
		}

		return this.#types;
	}

	/** As far as they have been heard of. */
	get namespaces(): readonly string[] | undefined {
		if (this.#namespaces === undefined) {
			this.#namespaces = [];
			this.#ui.executor.backend.facets.namespaces?.list().then(
				names => {
					this.#namespaces = names;
					this.#ui.refresh();
				},
				() => {},
			);
		}

		return this.#namespaces;
	}

	get #resources(): ResourceFacet | undefined {
		return this.#ui.executor.backend.facets.resources;
	}

	ask(word: string, name: string): void {
		this.#asked = {word, name};
		this.#table = undefined;
		this.#described = undefined;
		this.#error = undefined;
	}

	open(): void {
		this.close();
		const ending = new AbortController();
		this.#ending = ending;
		const resources = this.#resources;
		const asked = this.#asked;
		if (resources === undefined) {
			this.#error = `${this.#ui.executor.backend.name} has no kinds beyond these screens.`;
		} else if (asked === undefined) {
			this.#error = 'Say which kind in the command bar:  :get ingresses';
		} else {
			void this.#follow(resources, asked, ending.signal);
		}
	}

	close(): void {
		this.#ending?.abort();
		this.#ending = undefined;
	}

	async #follow(
		resources: ResourceFacet,
		{word, name}: {readonly word: string; readonly name: string},
		signal: AbortSignal,
	): Promise<void> {
		const look = async () => {
			if (name === '') this.#table = await resources.table(word, {}, signal);
			else this.#described = await resources.describe({type: word, name});
			this.#error = undefined;
			if (!signal.aborted) this.#ui.refresh();
		};
		const failed = (thrown: unknown) => {
			if (signal.aborted) return;
			const {message, hint} = toClusterError(thrown);
			this.#error = hint === undefined ? message : `${message}. ${hint}`;
			this.#ui.refresh();
		};
		try {
			await look();
			const selection = name === '' ? {} : {name};
			await resources.watch(word, selection, () => void look().catch(failed), signal);
		} catch (thrown) {
			failed(thrown);
		}
	}

	status(): string {
		return this.#table === undefined ? '' : `${this.#table.rows.length}`;
	}

	lines(): TextLines {
		const text = this.#text();
		return {count: text.length, at: index => text[index] ?? []};
	}

	#text(): ReadonlyArray<readonly Span[]> {
		const error: ReadonlyArray<readonly Span[]> =
			this.#error === undefined ? [] : [[{role: 'warning', text: ` ${stripControl(this.#error)}`}]];
		if (this.#described !== undefined) return [...error, ...this.#described.map(line => [` ${line}`])];
		if (this.#table === undefined)
			return error.length > 0 ? error : [[` Reading ${stripControl(this.#asked?.word ?? '')} …`]];
		return [...error, ...tableLines(this.#table, this.#ui.state.size.columns)];
	}
}

function tableLines({type, columns, rows}: ResourceTable, room: number): ReadonlyArray<readonly Span[]> {
	if (rows.length === 0) return [[` No ${type.name} here.`]];
	const isScoped = new Set(rows.map(({scope}) => scope)).size > 1;
	const shown = columns.flatMap(({title, wide}, index) => (wide && room < 150 ? [] : [{title, index}]));
	const titles = [...(isScoped ? ['NAMESPACE'] : []), ...shown.map(({title}) => stripControl(title))];
	const cells = rows.map(row => [
		...(isScoped ? [stripControl(row.scope ?? '')] : []),
		...shown.map(({index}) => stripControl(row.cells[index] ?? '')),
	]);
	const widths = titles.map((title, at) =>
		Math.min(
			maxCellColumns,
			cells.reduce((most, row) => Math.max(most, displayWidth(row[at] ?? '')), displayWidth(title)),
		),
	);
	const line = (row: readonly string[]) => ` ${row.map((cell, at) => fitWidth(cell, widths[at] ?? 0)).join('  ')}`;
	return [[{role: 'title', text: line(titles)}], ...cells.map(row => [line(row)])];
}
