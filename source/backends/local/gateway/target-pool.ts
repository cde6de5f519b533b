import {pickTarget, type TargetLoad} from '../../../core/balance.ts';
import type {RouteTarget} from '../../../orchestrator/balancer.ts';

/** One that refused is left alone for so long, unless there is no other. */
const avoidMs = 1000;

export type Target = RouteTarget & {-readonly [Key in keyof TargetLoad]: TargetLoad[Key]};

/** The targets of one published port and what each is doing. */
export class TargetPool {
	/** May take new connections. */
	#targets: readonly Target[] = [];
	/** Those, and the ones that left with connections open: should one come back, they still count. */
	#known = new Map<string, Target>();
	#choices = 0;

	replace(targets: readonly RouteTarget[]): void {
		const next = targets.map(target => this.#known.get(keyOf(target)) ?? newTarget(target));
		const leaving = [...this.#known.values()].filter(({connections}) => connections > 0);
		this.#targets = next;
		this.#known = new Map([...leaving, ...next].map(target => [keyOf(target), target]));
	}

	/** Counts a connection to the one it chooses: each answer is given back by `release`. */
	take(tried: ReadonlySet<Target>): Target | undefined {
		const target = pickTarget(this.#targets, tried, performance.now());
		if (target) {
			target.connections++;
			target.lastChosen = ++this.#choices;
		}

		return target;
	}

	release(target: Target): void {
		target.connections--;
	}

	avoid(target: Target): void {
		target.avoidedUntilMs = performance.now() + avoidMs;
	}
}

function newTarget(target: RouteTarget): Target {
	return {...target, connections: 0, lastChosen: 0, avoidedUntilMs: 0};
}

function keyOf({instanceId, host, port}: RouteTarget): string {
	return `${instanceId} ${host} ${port}`;
}
