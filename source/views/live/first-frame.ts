import type {Backend} from '../../core/backend.ts';
import type {Kind} from '../../core/model/index.ts';
import type {UsageSums} from '../../core/pulse/usage-sums.ts';

/**
 * What is read before a dashboard's first frame, which shows services and figures of nodes, and what after it. Instances are
 * many, and it shows only their sums: an engine that tells those is asked for instances when the frame is on the screen.
 */
export type FirstFrame = {
	/** Until it is drawn, nothing is done that it does not show. */
	readonly isAwaited: boolean;
	/** Absent where the engine does not tell them; undefined where it could not. */
	readonly sums: Promise<UsageSums | undefined> | undefined;
	needs(kind: Kind): boolean;
	/** Lists nothing before the end. */
	readonly later: Pick<Backend, 'list' | 'watch'>;
	end(): void;
};

export function openFirstFrame(backend: Backend, isAwaited: boolean): FirstFrame {
	let isOver = !isAwaited;
	const ending = new AbortController();
	const {promise: ended, resolve} = Promise.withResolvers<void>();
	const sums = isAwaited ? backend.facets.usageSums?.(ending.signal).catch(() => undefined) : undefined;
	return {
		get isAwaited() {
			return !isOver;
		},
		sums,
		needs: kind => !isAwaited || kind === 'service' || kind === 'node' || (kind === 'instance' && sums === undefined),
		later: {
			async list(query, signal, arrived) {
				await ended;
				return backend.list(query, signal, arrived);
			},
			watch: (query, since, signal) => backend.watch(query, since, signal),
		},
		end() {
			isOver = true;
			resolve();
			ending.abort();
		},
	};
}
