import {type HealthState, nextHealth, probeDelayMs} from '../../../../core/health.ts';
import type {HealthCheck} from '../../../../core/model/index.ts';
import {knownAnswer, type ProbeTarget, probe} from './probe.ts';

export type HealthWatch = {
	readonly check: HealthCheck;
	readonly target: ProbeTarget;
	/** Of the monotonic clock. */
	readonly startedMs: number;
	/** What is known already; when that is more than nothing, it is asked anew soon. */
	readonly known: HealthState;
	/** Called when health or the count of failures changed, not for each answer. */
	readonly changed: (state: HealthState) => void;
};

const soonMs = 1000;

/** Asks one instance again and again; the answer ends it. */
export function watchHealth({check, target, startedMs, known: before, changed}: HealthWatch): () => void {
	let state = before;
	let isOver = false;
	const ageMs = () => performance.now() - startedMs;

	const ask = async () => {
		const known = state.health === 'starting' ? knownAnswer(check, target) : undefined;
		const answer = known ?? (await probe(check, target));
		if (isOver) {
			return;
		}

		const last = state;
		state = nextHealth(check, state, answer, ageMs());
		if (state.health !== last.health || state.failures !== last.failures) {
			changed(state);
		}

		schedule(probeDelayMs(check, state, ageMs(), Math.random, known !== undefined));
	};

	let timer: NodeJS.Timeout;
	const schedule = (delayMs: number) => {
		timer = setTimeout(() => void ask(), delayMs);
	};

	const firstMs = probeDelayMs(check, state, ageMs(), Math.random);
	schedule(state.health === 'starting' ? firstMs : Math.min(firstMs, soonMs * Math.random()));
	return () => {
		isOver = true;
		clearTimeout(timer);
	};
}
