import {pickTarget, type TargetLoad} from '../../../core/balance.ts';
import type {RouteTarget} from '../../../orchestrator/balancer.ts';
import type {Reachable} from './address.ts';
import type {IdleConnections} from './http/idle-connections.ts';
import {newCounts, type RequestCounts} from './metrics.ts';

/** One that refused is left alone for so long, unless there is no other. */
const avoidMs = 1000;
/** So many failures in a row put one aside, for longer each time. */
const failuresToEject = 5;
const ejectMs = 10_000;
const maxEjectMs = 60_000;

export type Target = Reachable &
	RouteTarget & {-readonly [Key in keyof TargetLoad]: TargetLoad[Key]} & {
		readonly counts: RequestCounts;
		/** Open connections without a request; of HTTP only. */
		idle?: IdleConnections;
		failuresInARow: number;
		ejections: number;
	};

/** The targets of one published port and what each is doing. */
export class TargetPool {
	/** May take new connections. */
	#targets: readonly Target[] = [];
	/** Those, and the ones that left with connections open: should one come back, they still count. */
	#known = new Map<string, Target>();
	#choices = 0;

	replace(targets: readonly RouteTarget[]): void {
		const next = targets.map(target => this.#known.get(keyOf(target)) ?? newTarget(target));
		const known = [...this.#known.values()];
		const staying = new Set(next);
		for (const target of known) {
			if (!staying.has(target)) {
				target.idle?.closeAll();
			}
		}

		const busy = known.filter(({connections}) => connections > 0);
		this.#targets = next;
		this.#known = new Map([...busy, ...next].map(target => [keyOf(target), target]));
	}

	get size(): number {
		return this.#targets.length;
	}

	get targets(): Iterable<Target> {
		return this.#known.values();
	}

	/** Whether it still takes new requests. */
	has(target: Target): boolean {
		return this.#targets.includes(target);
	}

	/** Counts a connection to the one it chooses: each answer is given back by `release`. */
	take(tried: ReadonlySet<Target>, limit = Number.POSITIVE_INFINITY): Target | undefined {
		const target = pickTarget(this.#targets, tried, performance.now(), limit);
		if (target) {
			this.#chosen(target);
		}

		return target;
	}

	/** The one of this instance, where it is fit for work. */
	takeInstance(instanceId: string, tried: ReadonlySet<Target>, limit: number): Target | undefined {
		const target = this.#targets.find(one => one.instanceId === instanceId);
		const isFit =
			target && !tried.has(target) && target.connections < limit && target.avoidedUntilMs <= performance.now();
		if (isFit) {
			this.#chosen(target);
		}

		return isFit ? target : undefined;
	}

	#chosen(target: Target): void {
		target.connections++;
		target.lastChosen = ++this.#choices;
	}

	/** Nobody listens at its socket, or too many wait there: by its port for a while. */
	avoidSocket(target: Target): void {
		target.socketAvoidedUntilMs = performance.now() + avoidMs;
	}

	release(target: Target): void {
		target.connections--;
	}

	/** Closes every connection without a request. */
	closeIdle(): void {
		for (const {idle} of this.#known.values()) {
			idle?.closeAll();
		}
	}

	avoid(target: Target): void {
		target.avoidedUntilMs = performance.now() + avoidMs;
	}

	/** What its answer says of it: one that fails again and again is put aside. */
	judge(target: Target, isGood: boolean): void {
		if (isGood) {
			target.failuresInARow = 0;
			target.ejections = 0;
			return;
		}

		target.failuresInARow++;
		if (target.failuresInARow >= failuresToEject) {
			target.failuresInARow = 0;
			target.avoidedUntilMs = performance.now() + Math.min(maxEjectMs, ejectMs * 2 ** target.ejections);
			target.ejections++;
		}
	}
}

function newTarget(target: RouteTarget): Target {
	return {
		...target,
		connections: 0,
		lastChosen: 0,
		avoidedUntilMs: 0,
		socketAvoidedUntilMs: 0,
		counts: newCounts(),
		failuresInARow: 0,
		ejections: 0,
	};
}

function keyOf({instanceId, host, port}: RouteTarget): string {
	return `${instanceId} ${host} ${port}`;
}
