import type {Instance, Instant, Rollout, Service, UpdatePolicy} from '../model/index.ts';
import {hasFailed, unseenEnd} from '../restart.ts';
import type {Observed} from './plan.ts';
import {isHealthy, isNewer, type Slot} from './slots.ts';

/** How the replacement of instances stands, and how far it may go now. */
export type RolloutDecision = {
	readonly rollout: Rollout | undefined;
	/** So many slots more may go to the new version; the others keep theirs. */
	readonly allowance: number;
	/** The new version is what an empty slot gets, whatever the allowance: there is nothing else to keep. */
	readonly isForced: boolean;
	/** Slots in which the new version failed, by their key: so many may, and the others need not wait for them. */
	readonly passedOver: ReadonlySet<string>;
	/** Until its delay is over no healthy instance is touched. */
	readonly waitsUntil?: Instant;
	/** Too many failures: back to this version. */
	readonly rollBack?: {readonly to: number; readonly reason: string};
	readonly recheckAt?: Instant | undefined;
};

const none: ReadonlySet<string> = new Set();
const free: Omit<RolloutDecision, 'rollout'> = {
	allowance: Number.POSITIVE_INFINITY,
	isForced: true,
	passedOver: none,
};

/** A rollout at its start: from the version that last ran everywhere. Going to a lower number is going back. */
export function beginRollout(
	{version, rollout, status}: Pick<Service, 'version' | 'rollout' | 'status'>,
	to: number,
	now: Instant,
): Rollout {
	const isUnfinished = rollout !== undefined && !isThrough(rollout) && !rollout.isRollback;
	const isRollback = to < version;
	return {
		state: isRollback ? 'rolling-back' : 'updating',
		isRollback,
		from: isUnfinished && rollout.from !== undefined && !isRollback ? rollout.from : version,
		startedAt: now,
		updated: 0,
		total: status.desired,
		failed: 0,
	};
}

export function isThrough({state}: Rollout): boolean {
	return state === 'completed' || state === 'rolled-back';
}

/** Goes on although it was paused, with a clean record. */
export function resumed(rollout: Rollout, now: Instant): Rollout {
	const {pausedBy: _, message: __, ...rest} = rollout;
	return {...rest, state: running(rollout), resumedAt: now, failed: 0};
}

export function policyOf({spec, rollout}: Service): UpdatePolicy {
	return rollout?.isRollback === true && !isThrough(rollout) ? spec.rollback : spec.update;
}

function running({isRollback}: Rollout): Rollout['state'] {
	return isRollback ? 'rolling-back' : 'updating';
}

/** Decides on the whole of it; undefined as long as nothing was ever updated. */
export function decideRollout<Key>(slots: ReadonlyArray<Slot<Key>>, observed: Observed): RolloutDecision {
	const {service, now} = observed;
	const {rollout} = service;
	if (rollout === undefined || isThrough(rollout)) {
		return {...free, rollout: rollout && withTotal(rollout, slots.length)};
	}

	const {version, spec} = service;
	const policy = policyOf(service);
	const updated = slots.filter(slot => isUpdated(slot, version)).length;
	const failure = findFailures(observed, policy);
	const seen: Rollout = {
		...rollout,
		updated,
		total: slots.length,
		failed: Math.max(rollout.failed, failure.slots.size),
		...(updated > rollout.updated || failure.slots.size > rollout.failed ? {movedAt: now} : {}),
	};
	const isBad = seen.failed > 0 && seen.failed > policy.maxFailureRatio * seen.total;
	const why = failureText(seen, failure);
	if (isBad && policy.failureAction === 'rollback' && canRollBack(observed)) {
		return {...free, rollout: seen, rollBack: {to: rollout.from as number, reason: why}};
	}

	const watchedUntil = watchEnd(slots, version, policy, now);
	const isPausedForGood = rollout.pausedBy === 'failure' || (isBad && policy.failureAction !== 'continue');
	if (isReached(slots, version, updated) && !isPausedForGood) {
		return watchedUntil === undefined
			? {...free, rollout: finished(seen, now, isBad ? why : undefined)}
			: {...free, rollout: state(seen, undefined, isBad ? why : keptMessage(rollout)), recheckAt: watchedUntil};
	}

	const moved = slots.filter(slot => isMoved(slot, version) || failure.slots.has(String(slot.key))).length;
	const canaries = spec.canary > 0 && !rollout.isRollback ? Math.max(0, spec.canary - moved) : Number.POSITIVE_INFINITY;
	const pausedBy = isPausedForGood
		? 'failure'
		: spec.paused
			? 'user'
			: canaries === 0 && updated >= Math.min(spec.canary, slots.length)
				? 'canary'
				: undefined;
	const waitsUntil = policy.delayMs > 0 && seen.movedAt !== undefined ? seen.movedAt + policy.delayMs : undefined;
	// A moment that lies ahead was written before the clock was set back.
	const isWaiting = waitsUntil !== undefined && waitsUntil > now && (seen.movedAt ?? 0) <= now;
	const isHeld = pausedBy === 'failure' || pausedBy === 'user';
	const isMissed = slots.some(slot => failure.slots.has(String(slot.key)) && !isUpdated(slot, version));
	return {
		rollout: state(seen, pausedBy, messageOf(rollout, pausedBy, isBad || isMissed, seen, why)),
		allowance: isHeld ? 0 : canaries,
		isForced: rollout.isRollback,
		passedOver: isHeld ? none : failure.slots,
		...(isWaiting ? {waitsUntil} : {}),
		recheckAt: isWaiting && pausedBy === undefined ? waitsUntil : undefined,
	};
}

function messageOf(
	rollout: Rollout,
	pausedBy: Rollout['pausedBy'],
	isTold: boolean,
	{updated, total}: Rollout,
	why: string,
): string | undefined {
	if (pausedBy === 'failure') {
		return rollout.pausedBy === 'failure' ? rollout.message : why;
	}

	if (pausedBy === 'user') {
		return 'paused on request';
	}

	if (pausedBy === 'canary') {
		return `${updated} of ${total} as canaries: promote or abort`;
	}

	return isTold ? why : keptMessage(rollout);
}

/** Has its healthy instance of the version, though another may still be there. */
function isUpdated<Key>({wanted}: Slot<Key>, version: number): boolean {
	return wanted.some(instance => instance.version === version && isHealthy(instance));
}

function isReached<Key>(slots: ReadonlyArray<Slot<Key>>, version: number, updated: number): boolean {
	return (
		updated === slots.length &&
		!slots.some(({wanted, stopping}) => [...wanted, ...stopping].some(item => item.version !== version))
	);
}

/** Has an instance of the version, or is to get one: the last one was stopped for it, or was one itself. */
export function isMoved<Key>({wanted, stopping, last}: Slot<Key>, version: number): boolean {
	if (wanted.length > 0) {
		return wanted.some(instance => instance.version === version);
	}

	const newest = [...stopping, ...(last ? [last] : [])].reduce<Instance | undefined>(
		(found, one) => (found === undefined || isNewer(one, found) ? one : found),
		undefined,
	);
	return newest !== undefined && (newest.version === version || isUpdateStop(newest));
}

/** Stopped to make room for another version. */
export function isUpdateStop({desiredReason}: Instance): boolean {
	return desiredReason === 'updated' || desiredReason === 'rolled back';
}

/** Until when the last of the new instances is watched; undefined: they all have been. */
function watchEnd<Key>(
	slots: ReadonlyArray<Slot<Key>>,
	version: number,
	{monitorMs}: UpdatePolicy,
	now: Instant,
): Instant | undefined {
	return (
		slots
			.flatMap(({wanted}) => wanted)
			.filter(instance => instance.version === version)
			.map(({status}) => status.startedAt ?? status.at)
			// A start that lies ahead was written before the clock was set back.
			.filter(startedAt => startedAt <= now && startedAt + monitorMs > now)
			.reduce<Instant | undefined>((latest, at) => Math.max(latest ?? 0, at + monitorMs), undefined)
	);
}

type Failures = {readonly slots: ReadonlySet<string>; readonly newest?: Instance};

/** Slots in which an instance of the new version failed while it was watched, and the newest of these instances. */
function findFailures({service, instances}: Observed, policy: UpdatePolicy): Failures {
	const since = service.rollout?.resumedAt ?? service.rollout?.startedAt ?? 0;
	const slots = new Set<string>();
	let newest: Instance | undefined;
	for (const instance of instances) {
		if (instance.version === service.version && instance.createdAt >= since && failedSoon(instance, service, policy)) {
			slots.add(service.spec.mode === 'global' ? (instance.nodeId ?? '') : String(instance.slot));
			newest = newest === undefined || isNewer(instance, newest) ? instance : newest;
		}
	}

	return {slots, ...(newest === undefined ? {} : {newest})};
}

/** A health check takes its time to say no; what it never said yes to has failed however long it took. */
function failedSoon(instance: Instance, {spec}: Service, {monitorMs}: UpdatePolicy): boolean {
	const {status, desired, desiredReason} = instance;
	const isIll = desired === 'stopped' && desiredReason?.startsWith('unhealthy') === true;
	// An end that nobody saw tells nothing of the version.
	if ((!hasFailed(instance) && !isIll) || status.reason === unseenEnd) {
		return false;
	}

	const {health} = spec.template;
	const judgedMs = health ? health.startPeriodMs + health.retries * (health.intervalMs + health.timeoutMs) : 0;
	const endedAt = status.finishedAt ?? status.at;
	return status.health === 'starting' || endedAt - (status.startedAt ?? endedAt) <= monitorMs + judgedMs;
}

function canRollBack({service, canGoBack}: Observed): boolean {
	const {rollout} = service;
	return rollout?.from !== undefined && !rollout.isRollback && rollout.from !== service.version && canGoBack === true;
}

function failureText({failed, total}: Rollout, {newest}: Failures): string {
	const why = newest && `${newest.name}: ${newest.status.reason ?? newest.desiredReason ?? newest.status.state}`;
	return `${failed} of ${total} failed${why === undefined ? '' : `, the last is ${why}`}`;
}

function state(rollout: Rollout, pausedBy: Rollout['pausedBy'], message: string | undefined): Rollout {
	const {pausedBy: _, message: __, ...rest} = rollout;
	return {
		...rest,
		state: pausedBy === undefined ? running(rollout) : 'paused',
		...(pausedBy === undefined ? {} : {pausedBy}),
		...(message === undefined ? {} : {message}),
	};
}

function finished(rollout: Rollout, now: Instant, message: string | undefined): Rollout {
	const through = rollout.isRollback ? 'rolled-back' : 'completed';
	return {...state(rollout, undefined, message ?? keptMessage(rollout)), state: through, finishedAt: now};
}

/** Why it was rolled back is still to be read when it has been. */
function keptMessage({isRollback, message, pausedBy}: Rollout): string | undefined {
	return isRollback && pausedBy === undefined ? message : undefined;
}

function withTotal(rollout: Rollout, total: number): Rollout {
	return rollout.total === total ? rollout : {...rollout, updated: total, total};
}
