import type {Backend, Change, Query, Snapshot} from '../../source/core/backend.ts';
import type {Kind, Revision} from '../../source/core/model/index.ts';

/** A stream that a test feeds by hand. */
export type ScriptedStream = {
	readonly query: Query<Kind>;
	readonly since: Revision;
	send(...changes: ReadonlyArray<Change<Kind>>): void;
	/** Ends it: with an error it breaks. */
	end(error?: Error): void;
	readonly isOpen: boolean;
};

/** What `list` answers is set by the test; each `watch` is a stream that it feeds. */
export function createScriptedBackend() {
	const streams: ScriptedStream[] = [];
	const listed: Array<Query<Kind>> = [];
	const state: {answer: Snapshot<Kind> | Error} = {answer: {items: [], revision: '1'}};
	let hold: {readonly parts: ReadonlyArray<Snapshot<Kind>['items']>; readonly until: Promise<void>} | undefined;
	const backend = {
		async list(query: Query<Kind>, _?: AbortSignal, arrived?: (objects: Snapshot<Kind>['items']) => void) {
			listed.push(query);
			const held = hold;
			hold = undefined;
			for (const part of held?.parts ?? []) arrived?.(part);
			await held?.until;
			if (state.answer instanceof Error) throw state.answer;
			return state.answer;
		},
		watch(query: Query<Kind>, since: Revision, signal: AbortSignal) {
			const {stream, changes} = openStream(query, since, signal);
			streams.push(stream);
			return changes;
		},
	} as unknown as Pick<Backend, 'list' | 'watch'>;

	return {
		backend,
		streams,
		listed,
		/** From now on. */
		answer(answer: Snapshot<Kind> | Error) {
			state.answer = answer;
		},
		/** The next list tells these parts at once, and is answered when the answer to this is called. */
		arrive(...parts: ReadonlyArray<Snapshot<Kind>['items']>): () => void {
			const {promise, resolve} = Promise.withResolvers<void>();
			hold = {parts, until: promise};
			return resolve;
		},
		get last(): ScriptedStream {
			const stream = streams.at(-1);
			if (!stream) throw new Error('nobody watches');
			return stream;
		},
	};
}

function openStream(query: Query<Kind>, since: Revision, signal: AbortSignal) {
	const waiting: Array<Change<Kind>> = [];
	let ended: {error?: Error} | undefined;
	let isOpen = true;
	let wake = () => {};
	signal.addEventListener('abort', () => wake());

	async function* changes(): AsyncGenerator<Change<Kind>> {
		try {
			while (!signal.aborted) {
				yield* waiting.splice(0);
				if (ended?.error) throw ended.error;
				if (ended) return;
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		} finally {
			isOpen = false;
		}
	}

	return {
		changes: changes(),
		stream: {
			query,
			since,
			send(...sent: ReadonlyArray<Change<Kind>>) {
				waiting.push(...sent);
				wake();
			},
			end(error?: Error) {
				ended = error ? {error} : {};
				wake();
			},
			get isOpen() {
				return isOpen;
			},
		},
	};
}

/** Lets everything run that waits for no timer. */
export async function settle(): Promise<void> {
	for (let round = 0; round < 3; round++) {
		await new Promise(resolve => setImmediate(resolve));
	}
}
