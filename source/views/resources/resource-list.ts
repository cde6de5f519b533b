import type {ResourceFacet, ResourceTable} from '../../core/backend.ts';
import {type ClusterError, toClusterError} from '../../core/error.ts';
import type {Instant, Resource} from '../../core/model/index.ts';
import {backOffMs, wait} from '../../live/back-off.ts';
import type {Source} from '../listing.ts';
import {errorText} from '../running.ts';
import type {TableScreen} from '../screen.ts';
import {compareValues} from '../sorted-rows.ts';
import type {Ui} from '../ui.ts';
import {columnsOf} from './columns.ts';
import {resourcesKeymap} from './keymap.ts';

/** What cannot be watched is asked for again after this time. */
const unwatchedMs = 5000;

/** The objects of one kind beyond the model, as the engine lists them; kept up to date while it is followed. */
export class ResourceList implements Source<'resource'> {
	readonly #ui: Ui;
	readonly #word: string;
	#byId: ReadonlyMap<string, Resource> = new Map();
	#version = 0;
	#table: ResourceTable | undefined;
	#screen: TableScreen<'resource'>;
	#failure: {readonly error: ClusterError; readonly since: Instant} | undefined;
	#ending: AbortController | undefined;

	/** `word`: what somebody has typed for its kind. */
	constructor(ui: Ui, word: string) {
		this.#ui = ui;
		this.#word = word;
		this.#screen = this.#screenOf([]);
	}

	get byId(): ReadonlyMap<string, Resource> {
		return this.#byId;
	}

	get version(): number {
		return this.#version;
	}

	/** Which they were is not known: it is asked for all of them. */
	changedSince(version: number): ReadonlySet<string> | undefined {
		return version === this.#version ? new Set() : undefined;
	}

	/** Another one when the engine has other columns. */
	get screen(): TableScreen<'resource'> {
		return this.#screen;
	}

	follow(): void {
		const {resources} = this.#ui.executor.backend.facets;
		if (this.#ending === undefined && resources !== undefined) {
			this.#ending = new AbortController();
			void this.#goOn(resources, this.#ending.signal);
		}
	}

	leave(): void {
		this.#ending?.abort();
		this.#ending = undefined;
	}

	async #goOn(resources: ResourceFacet, signal: AbortSignal): Promise<void> {
		const {clock, executor} = this.#ui;
		let failures = 0;
		const look = async () => {
			const table = await resources.table(this.#word, {}, signal);
			failures = 0;
			if (!signal.aborted) this.#take(table);
			return table;
		};
		while (!signal.aborted) {
			try {
				const {type} = await look();
				if (type.verbs.includes('watch')) {
					await resources.watch(
						this.#word,
						{},
						() => void look().catch(thrown => this.#failed(thrown, signal)),
						signal,
					);
				} else {
					await wait(unwatchedMs, clock, signal);
				}
			} catch (thrown) {
				this.#failed(thrown, signal);
				failures++;
				await wait(backOffMs(failures, executor.random), clock, signal);
			}
		}
	}

	#take(table: ResourceTable): void {
		const columns = JSON.stringify(table.columns);
		if (columns !== JSON.stringify(this.#table?.columns)) {
			this.#screen = this.#screenOf(table.columns);
		}

		this.#table = table;
		this.#byId = new Map(table.rows.map(row => [row.id, row]));
		this.#version++;
		this.#failure = undefined;
		this.#ui.changed();
	}

	#failed(thrown: unknown, signal: AbortSignal): void {
		if (signal.aborted) return;
		this.#failure = {error: toClusterError(thrown), since: this.#failure?.since ?? this.#ui.clock.now()};
		this.#ui.refresh();
	}

	#screenOf(columns: ResourceTable['columns']): TableScreen<'resource'> {
		const list = this;
		return {
			type: 'table',
			id: 'resources',
			columnsAs: `resources ${this.#word}`,
			aliases: [],
			kind: 'resource',
			source: () => list,
			compare: (a, b) => compareValues(a.scope ?? '', b.scope ?? '') || compareValues(a.name, b.name),
			orderedBy: 'NAME',
			columns: columnsOf(columns),
			filterable: ({name, scope = '', cells, labels}) => ({text: [scope, name, ...cells].join(' '), labels}),
			isFault: () => false,
			keymap: resourcesKeymap,
			get empty() {
				return list.#emptyText();
			},
			status: ({context}) => {
				const failure = list.#failure;
				return failure === undefined || list.#byId.size === 0
					? ''
					: `as it was ${context.ages.of(failure.since)} ago: ${failure.error.message}`;
			},
		};
	}

	#emptyText(): string {
		if (this.#failure !== undefined) return errorText(this.#failure.error);
		return this.#table === undefined ? 'Reading …' : `No ${this.#table.type.name} here.`;
	}
}
