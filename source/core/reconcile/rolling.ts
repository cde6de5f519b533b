import type {Instance} from '../model/index.ts';
import {decideRestart} from '../restart.ts';
import {earliest, type Observed, type Plan, type PlanStep} from './plan.ts';
import {decideRollout, isMoved, policyOf, type RolloutDecision} from './rollout.ts';
import {isDraining, isHealthy, leaves, type Slot} from './slots.ts';

/** What replaces an instance in its slot while that still runs: at which version. */
type Replace<Key> = (slot: Slot<Key>, older: Instance, version: number) => PlanStep;

/**
 * The update of one service in one decision: which slots go to the new version now. Those that serve nobody go first and at
 * once; of the others as many as the policy lets be away (stop first) or be double (start first), lowest slot first, and only
 * while every other slot is healthy: a new version that does not come up stops the rollout by itself. Slots in which it has failed
 * do not count where the policy lets so many fail; in those that still have the older instance it is tried again.
 */
export class Rolling<Key> {
	readonly #observed: Observed;
	readonly #decision: RolloutDecision;
	readonly #version: number;
	#allowance: number;

	constructor(slots: ReadonlyArray<Slot<Key>>, observed: Observed) {
		this.#observed = observed;
		this.#decision = decideRollout(slots, observed);
		this.#version = observed.service.version;
		this.#allowance = this.#decision.allowance;
	}

	/** Nothing else is to be done before that. */
	get rollBack(): Plan | undefined {
		const {rollBack, rollout} = this.#decision;
		const {service} = this.#observed;
		return rollBack && {steps: [{type: 'roll back', ...rollBack}], status: service.status, rollout, gone: false};
	}

	get rollout(): Plan['rollout'] {
		return this.#decision.rollout;
	}

	/** The version that the next instance of a slot is made from; a slot that has none gets the new one where it may. */
	versionFor(slot: Slot<Key>): number {
		const {rollout, isForced} = this.#decision;
		if (isForced || rollout?.from === undefined || isMoved(slot, this.#version)) {
			return this.#version;
		}

		if (this.#allowance >= 1) {
			this.#allowance--;
			return this.#version;
		}

		return slot.wanted[0]?.version ?? rollout.from;
	}

	/** The steps towards the new version, given those that are taken anyway. */
	steps(
		slots: ReadonlyArray<Slot<Key>>,
		taken: readonly PlanStep[],
		replace: Replace<Key>,
	): Pick<Plan, 'steps' | 'recheckAt'> {
		const stopped = new Set(taken.map(step => (step.type === 'stop' ? step.instanceId : '')));
		const touched = new Set(taken.flatMap(step => (step.type === 'create' && step.replaces ? [step.replaces] : [])));
		const outdated = slots.filter(slot => this.#isOutdated(slot, stopped));
		if (outdated.length === 0) {
			return {steps: [], recheckAt: this.#decision.recheckAt};
		}

		const idle = outdated.filter(({wanted}) => !wanted.some(isHealthy)).filter(() => this.#takeIdle());
		const steps: PlanStep[] = idle.flatMap(({wanted}) => wanted.map(({id}) => this.#stop(id)));
		const {waitsUntil, recheckAt} = this.#decision;
		if (waitsUntil !== undefined) {
			return {steps, recheckAt};
		}

		const busy = outdated.filter(({wanted}) => wanted.some(isHealthy));
		const isStopFirst = policyOf(this.#observed.service).order === 'stop-first';
		const isReady = ({wanted}: Slot<Key>) =>
			(isStopFirst || wanted.length === 1) && !wanted.some(({id}) => touched.has(id) || stopped.has(id));
		const room = this.#room(slots, stopped, touched);
		const movable = busy.filter(isReady);
		const again = movable.filter(slot => this.#isPassedOver(slot));
		const first = movable.filter(slot => !this.#isPassedOver(slot));
		const chosen = first.slice(0, Math.min(room, this.#allowance));
		this.#allowance -= chosen.length;
		const next = [...again, ...chosen].map(slot => this.#move(slot, slot.wanted[0] as Instance, replace));
		return {
			steps: [...steps, ...next.flatMap(move => move.steps ?? [])],
			recheckAt: earliest([recheckAt, ...next.map(move => move.recheckAt)]),
		};
	}

	/** Ends the double of a slot: the younger takes over once it is healthy, unless it is not wanted any more. */
	finishPair(older: Instance, younger: Instance): PlanStep[] {
		const {nodes, service} = this.#observed;
		const isOutdated = (instance: Instance) => instance.version !== service.version;
		const isDrained = isDraining(older, nodes);
		const isLeaving = leaves(older, nodes);
		// The younger one goes back where it came from, but not as long as it is the only one that serves.
		if (isOutdated(younger) && !isOutdated(older) && (isHealthy(older) || !isHealthy(younger))) {
			return [this.#stop(younger.id)];
		}

		if (isHealthy(younger)) {
			if (isOutdated(younger) && !isOutdated(older)) {
				return [];
			}

			return isLeaving || !isOutdated(older) || isOutdated(younger)
				? [{type: 'stop', instanceId: older.id, reason: isDrained ? 'drained' : isLeaving ? 'moved' : 'replaced'}]
				: [this.#stop(older.id)];
		}

		if (isDraining(younger, nodes)) {
			return [{type: 'stop', instanceId: younger.id, reason: 'drained'}];
		}

		const isUpdate = isOutdated(older) && !isOutdated(younger);
		// The update wants it all the same, and would ask for the next one at once.
		const hasNoPlace = younger.status.state === 'pending' && younger.status.reason !== undefined;
		if (isLeaving && !isDrained && hasNoPlace && !isUpdate) {
			return [{type: 'stop', instanceId: younger.id, reason: 'no better place'}];
		}

		if (isLeaving || isUpdate) {
			return [];
		}

		return [
			isOutdated(younger) ? this.#stop(younger.id) : {type: 'stop', instanceId: younger.id, reason: 'drain cancelled'},
		];
	}

	/** Nothing of the new version is there yet. */
	#isOutdated({wanted}: Slot<Key>, stopped: ReadonlySet<string>): boolean {
		return (
			wanted.some(({id}) => !stopped.has(id)) &&
			wanted.every(({id, version}) => version !== this.#version || stopped.has(id))
		);
	}

	#isPassedOver({key}: Slot<Key>): boolean {
		return this.#decision.passedOver.has(String(key));
	}

	#takeIdle(): boolean {
		if (this.#decision.isForced) {
			return true;
		}

		if (this.#allowance < 1) {
			return false;
		}

		this.#allowance--;
		return true;
	}

	/** How many slots more may be away, or double. */
	#room(slots: ReadonlyArray<Slot<Key>>, stopped: ReadonlySet<string>, touched: ReadonlySet<string>): number {
		const {parallelism, order} = policyOf(this.#observed.service);
		const counted = slots.filter(slot => !this.#isPassedOver(slot));
		const away = counted.filter(({wanted}) => !wanted.some(one => isHealthy(one) && !stopped.has(one.id)));
		const double = counted.filter(({wanted}) => wanted.length > 1 || touched.has(wanted[0]?.id ?? ''));
		const used = away.length + (order === 'start-first' ? double.length : 0);
		return Math.max(0, (parallelism || slots.length) - used);
	}

	#move(slot: Slot<Key>, older: Instance, replace: Replace<Key>): {steps?: PlanStep[]; recheckAt?: number | undefined} {
		const {service, now} = this.#observed;
		if (policyOf(service).order === 'stop-first') {
			return {steps: slot.wanted.map(({id}) => this.#stop(id))};
		}

		const {last} = slot;
		const failed =
			last?.replaces === older.id && last.version === this.#version
				? decideRestart(service.spec.restart, last)
				: undefined;
		if (failed !== undefined && (!failed.restart || failed.at > now)) {
			return {recheckAt: failed.restart ? failed.at : undefined};
		}

		return slot.stopping.length > 0 ? {} : {steps: [replace(slot, older, this.#version)]};
	}

	#stop(instanceId: string): PlanStep {
		const isRollback = this.#decision.rollout?.isRollback === true;
		return {type: 'stop', instanceId, reason: isRollback ? 'rolled back' : 'updated'};
	}
}
