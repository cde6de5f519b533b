import type {Backend} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import type {ContextEntry} from '../core/context.ts';
import {ClusterError, toClusterError} from '../core/error.ts';
import {type ClusterFigures, clusterFigures, type FleetMember} from '../core/fleet.ts';
import {wait} from './back-off.ts';

/** One that takes longer has not answered. */
const lookMs = 10_000;
/** From an answer to the next question. */
const everyMs = 10_000;

/** Opens a context without starting anything there. */
export type OpenMember = (name: string) => Promise<Backend>;

/** Looks at one cluster again and again, by one connection as long as that holds. */
export class ClusterLook {
	readonly #open: () => Promise<Backend>;
	readonly #clock: Clock;
	#backend: Backend | undefined;

	constructor(open: () => Promise<Backend>, clock: Clock) {
		this.#open = open;
		this.#clock = clock;
	}

	/** Throws why it cannot be read, within ten seconds. */
	async read(signal: AbortSignal): Promise<ClusterFigures> {
		const stop = new AbortController();
		const late = Promise.withResolvers<never>();
		const end = (error: Error) => {
			stop.abort();
			late.reject(error);
		};
		const cancel = this.#clock.after(lookMs, () =>
			end(new ClusterError('unreachable', `has not answered for ${lookMs / 1000} s`)),
		);
		const leave = () => end(new ClusterError('unreachable', 'is not asked any more'));
		signal.addEventListener('abort', leave);
		try {
			return await Promise.race([late.promise, this.#read(stop.signal)]);
		} catch (error) {
			this.close();
			throw error;
		} finally {
			cancel();
			signal.removeEventListener('abort', leave);
			late.promise.catch(() => {});
		}
	}

	close(): void {
		this.#backend?.close();
		this.#backend = undefined;
	}

	async #read(signal: AbortSignal): Promise<ClusterFigures> {
		const backend = this.#backend ?? (await this.#open());
		if (signal.aborted) {
			// It has come too late for anybody.
			backend.close();
			throw new ClusterError('unreachable', 'came too late');
		}

		this.#backend = backend;
		const [nodes, services] = await Promise.all([
			backend.kinds.includes('node') ? backend.list({kind: 'node', brief: true}, signal) : {items: []},
			backend.list({kind: 'service'}, signal),
		]);
		return clusterFigures(backend.engine, nodes.items, services.items);
	}
}

/** All contexts, each looked at for itself: one that does not answer slows no other down. */
export class Fleet {
	readonly #open: OpenMember;
	readonly #clock: Clock;
	readonly #changed: () => void;
	readonly #members = new Map<string, FleetMember>();
	readonly #stop = new AbortController();

	constructor(open: OpenMember, clock: Clock, changed: () => void) {
		this.#open = open;
		this.#clock = clock;
		this.#changed = changed;
	}

	get members(): readonly FleetMember[] {
		return [...this.#members.values()];
	}

	start(entries: readonly ContextEntry[]): void {
		for (const {name} of entries) {
			this.#members.set(name, {name});
			void this.#follow(name);
		}

		this.#changed();
	}

	/** Lets go of all of them. */
	stop(): void {
		this.#stop.abort();
	}

	async #follow(name: string): Promise<void> {
		const {signal} = this.#stop;
		const look = new ClusterLook(() => this.#open(name), this.#clock);
		while (!signal.aborted) {
			const member = await lookAt(look, this.#members.get(name) ?? {name}, this.#clock, signal);
			if (signal.aborted) break;
			this.#members.set(name, member);
			this.#changed();
			await wait(everyMs, this.#clock, signal);
		}

		look.close();
	}
}

/** What is known of it after another look. */
export async function lookAt(
	look: ClusterLook,
	member: FleetMember,
	clock: Clock,
	signal: AbortSignal,
): Promise<FleetMember> {
	const {name} = member;
	try {
		return {name, figures: await look.read(signal), readAt: clock.now()};
	} catch (error) {
		return {...member, trouble: toClusterError(error).message};
	}
}
