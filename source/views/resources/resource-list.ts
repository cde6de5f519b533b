import type {Resource} from '../../core/model/index.ts';
import type {ResourceTable} from '../../core/resource/facet.ts';
import {LiveCollection} from '../../live/live-collection.ts';
import {errorText} from '../errands/running.ts';
import type {Source} from '../list/listing.ts';
import {compareValues} from '../list/sorted-rows.ts';
import {askedText} from '../live/waiting.ts';
import type {TableScreen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import {columnsOf} from './columns.ts';
import {resourcesKeymap} from './keymap.ts';
import {resourceFeed} from './resource-feed.ts';

const nothing: ReadonlyMap<string, Resource> = new Map();

/** The objects of one kind beyond the model, as the engine lists them; kept up to date while it is followed. */
export class ResourceList implements Source<'resource'> {
	readonly #ui: Ui;
	readonly #word: string;
	#live: LiveCollection<'resource'> | undefined;
	#table: ResourceTable | undefined;
	#screen: TableScreen<'resource'>;

	/** `word`: what somebody has typed for its kind. */
	constructor(ui: Ui, word: string) {
		this.#ui = ui;
		this.#word = word;
		this.#screen = this.#screenOf([]);
	}

	get byId(): ReadonlyMap<string, Resource> {
		return this.#live?.byId ?? nothing;
	}

	get version(): number {
		return this.#live?.version ?? 0;
	}

	changedSince(version: number): ReadonlySet<string> | undefined {
		return this.#live?.changedSince(version);
	}

	/** Another one when the engine has other columns. */
	get screen(): TableScreen<'resource'> {
		return this.#screen;
	}

	follow(): void {
		const {clock, executor} = this.#ui;
		const {resources} = executor.backend.facets;
		if (this.#live !== undefined || resources === undefined) return;
		const feed = resourceFeed({resources, word: this.#word, clock, taken: table => this.#taken(table)});
		this.#live = new LiveCollection({backend: feed, query: {kind: 'resource'}, clock, random: executor.random});
		this.#live.subscribe(() => this.#ui.changed());
	}

	leave(): void {
		this.#live?.close();
		this.#live = undefined;
	}

	#taken(table: ResourceTable): void {
		const columns = JSON.stringify(table.columns);
		if (columns !== JSON.stringify(this.#table?.columns)) {
			this.#screen = this.#screenOf(table.columns);
		}

		this.#table = table;
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
				const state = list.#live?.state;
				return state?.state === 'stale' ? `as it was ${context.ages.of(state.since)} ago: ${state.error.message}` : '';
			},
		};
	}

	#emptyText(): string {
		const state = this.#live?.state;
		if (state?.state === 'lost') return errorText(state.error);
		if (this.#table !== undefined) return `No ${this.#table.type.name} here.`;
		return state?.state === 'loading' ? askedText(this.#ui, this.#word, state.since) : 'Reading …';
	}
}
