import type {Change, Query} from '../../../core/backend.ts';
import type {Kind, Revision} from '../../../core/model/index.ts';
import type {Route} from '../connection/route.ts';
import type {NodeAccess} from '../tasks/node-access.ts';
import {LiveRun, type Usages} from './live-run.ts';
import type {Part, Source} from './source.ts';
import {matches} from './store.ts';

/**
 * Keeps the store up to date while somebody watches: the engine's events say what is to be listed again; of tasks there are
 * none, so those are listed by the clock. When the connection breaks every watch ends with `unreachable`; the next one starts
 * anew and lists everything, for the stream cannot be resumed.
 */
export class Live {
	readonly #source: Source;
	readonly #route: Route;
	readonly #access: NodeAccess;
	#run: LiveRun | undefined;

	constructor(source: Source, route: Route, access: NodeAccess) {
		this.#source = source;
		this.#route = route;
		this.#access = access;
	}

	/** The store is kept up to date, and has been told everything once. */
	get isFresh(): boolean {
		return this.#run?.isFresh ?? false;
	}

	/** The same of one kind: each node is asked for its volumes, and those that do not answer hold up nothing else. */
	knows(kind: Kind): boolean {
		return kind === 'volume' ? (this.#run?.areVolumesKnown ?? false) : this.isFresh;
	}

	/** Something was written: look at once, and often for a while. */
	nudge(parts: readonly Part[]): void {
		this.#run?.nudge(parts);
	}

	async *watch<K extends Kind>(query: Query<K>, since: Revision, signal: AbortSignal): AsyncIterable<Change<K>> {
		const {store} = this.#source;
		let number = store.numberOf(since);
		if (signal.aborted) return;
		const run = this.#join();
		let wake = () => {};
		let isNews = true;
		const news = () => {
			isNews = true;
			wake();
		};
		let usage: Usages = {};
		const leave = [
			store.onChange(news),
			run.onTick(news),
			run.onUsage(fresh => {
				if (query.kind !== 'instance') return;
				const known = (id: string) => store.get('instance', id);
				const own = Object.entries(fresh).filter(([id]) => {
					const instance = known(id);
					return instance !== undefined && matches(query, instance);
				});
				usage = {...usage, ...Object.fromEntries(own)};
				news();
			}),
		];
		signal.addEventListener('abort', news);
		try {
			await Promise.race([
				run.started,
				new Promise<void>(resolve => signal.addEventListener('abort', () => resolve())),
			]);
			while (!signal.aborted) {
				if (run.error !== undefined) throw run.error;
				isNews = false;
				const until = store.number;
				const changes = store.changesSince(query, number);
				number = until;
				for (const change of changes) {
					if (signal.aborted) return;
					yield change;
				}

				if (Object.keys(usage).length > 0) {
					const told = usage;
					usage = {};
					yield {type: 'usage', usage: told};
				}

				const gaps = this.#source.gaps(query.kind);
				yield {type: 'bookmark', revision: store.revision, ...(gaps.length > 0 && {gaps})};
				if (!isNews && !signal.aborted) await new Promise<void>(resolve => (wake = resolve));
			}
		} finally {
			signal.removeEventListener('abort', news);
			for (const end of leave) end();
			run.leave();
		}
	}

	#join(): LiveRun {
		if (this.#run === undefined || this.#run.hasEnded) this.#run = new LiveRun(this.#source, this.#route, this.#access);
		this.#run.join();
		return this.#run;
	}

	close(): void {
		this.#run?.end();
	}
}
