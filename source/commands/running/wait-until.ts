import type {Progress, World} from '../../actions/action.ts';
import type {Backend} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError} from '../../core/error.ts';
import {formatDuration} from '../../core/text/units.ts';
import type {Host} from '../host.ts';
import {watchWorld} from '../watching/watch-world.ts';
import {createStandstill} from './standstill.ts';

/** Without an end of its own a wait gives up when something has stood in the way for so long and nothing moved. */
export const patienceMs = 15_000;

export type Awaited = {
	/** For messages; also what `muster ps` could be asked for. */
	readonly name: string;
	progress(world: World): Progress;
};

export type WaitOptions = {
	readonly backend: Backend;
	readonly host: Clock & Pick<Host, 'interrupted'>;
	/** Instances of these services only; undefined: all. */
	readonly serviceId?: string | undefined;
	readonly timeoutMs: number | undefined;
	/** Waits for ever, whatever stands in the way. */
	readonly patient?: boolean;
	/** Hears of each new state. */
	readonly show: (states: ReadonlyMap<string, Progress>) => void;
};

export type WaitResult = {readonly progress: ReadonlyMap<string, Progress>; readonly interrupted: boolean};

/**
 * Watches until everything is reached, or cannot be any more. Throws `timeout` after the time that was given, `failed` where
 * something failed, or nothing has moved for long and something stands in the way.
 */
export async function waitUntil(all: readonly Awaited[], options: WaitOptions): Promise<WaitResult> {
	const {backend, host, serviceId, timeoutMs, show, patient = timeoutMs !== undefined} = options;
	const stop = new AbortController();
	const signal = AbortSignal.any([stop.signal, host.interrupted]);
	const startedMs = host.monotonicMs();
	const found = watchWorld(backend, {serviceId, clock: host, signal, isPatient: timeoutMs !== undefined});
	const standstill = createStandstill(backend);
	let latest: ReadonlyMap<string, Progress> = new Map();
	let doneCount = -1;
	let movedMs = startedMs;
	try {
		while (!signal.aborted) {
			const world = await found.next(timeoutMs && startedMs + timeoutMs - host.monotonicMs());
			latest = world === undefined ? latest : new Map(all.map(one => [one.name, standstill.told(one.progress(world))]));
			const states = [...latest.values()];
			if (states.length > 0 && states.every(({state}) => state !== 'waiting')) {
				break;
			}

			show(latest);
			const sum = states.reduce((total, one) => total + (one.state === 'waiting' ? one.done - one.total : 0), 0);
			const nowMs = host.monotonicMs();
			movedMs = sum === doneCount ? movedMs : nowMs;
			doneCount = sum;
			standstill.look(nowMs, nowMs - movedMs);
			const idleMs = patient ? 0 : nowMs - movedMs;
			checkTime(states, {timeoutMs, waitedMs: nowMs - startedMs, idleMs, broken: found.broken()});
		}
	} finally {
		stop.abort();
	}

	const failures = [...latest.values()].filter(({state}) => state === 'failed');
	if (failures.length > 0) {
		throw new ClusterError('failed', failures.map(({message}) => message).join('; '));
	}

	return {progress: latest, interrupted: host.interrupted.aborted};
}

type Waited = {
	readonly timeoutMs: number | undefined;
	readonly waitedMs: number;
	readonly idleMs: number;
	readonly broken: ClusterError | undefined;
};

function checkTime(states: readonly Progress[], {timeoutMs, waitedMs, idleMs, broken}: Waited): void {
	const waiting = states.filter(progress => progress.state === 'waiting');
	const texts = waiting.map(({message, trouble}) => (trouble === undefined ? message : `${message}: ${trouble}`));
	const known = texts.length > 0 ? texts : broken ? [] : ['the state of the cluster could not be read'];
	const text = [...known, ...(broken ? [broken.message] : [])].join('; ');
	if (timeoutMs !== undefined && waitedMs >= timeoutMs) {
		throw new ClusterError('timeout', `not reached within ${formatDuration(timeoutMs)}: ${text}`);
	}

	if (idleMs >= patienceMs && waiting.some(({trouble}) => trouble !== undefined)) {
		throw new ClusterError('failed', text);
	}
}
