import type {Random} from '../core/model/id.ts';
import {pick} from '../orchestrator/simulated/random.ts';
import type {StoreReader} from '../orchestrator/store/store.ts';
import type {DemoFleet} from './fleet.ts';
import {tickMs, type Wheel} from './wheel.ts';

export type ChangesParts = {
	readonly wheel: Wheel;
	readonly store: StoreReader;
	readonly fleet: DemoFleet;
	readonly random: Random;
	readonly perSecond: number;
};

/** What a single failed check says; the next one is a success, so the instance stays healthy. */
const mishaps = [
	'GET /healthz timed out after 2 s',
	'GET /healthz answered 502 Bad Gateway',
	'GET /healthz answered 429 Too Many Requests',
	'connection reset by peer',
	'connection refused',
];
/** An instance list is taken anew so often; who has come since is told of then. */
const listTicks = 100;

/**
 * Instances that tell something new, so many times a second: one health check in a row fails, and the next does not. That is
 * what happens all the time in a large cluster, and nothing has to be done about it.
 */
export function startChanges({wheel, store, fleet, random, perSecond}: ChangesParts): void {
	let ids: readonly string[] = [];
	let due = 0;

	function change(id: string): void {
		const status = store.get('instance', id)?.status;
		if (status?.state === 'running' && status.health !== 'unhealthy') {
			fleet.report(id, {healthMessage: status.healthMessage === undefined ? pick(random, mishaps) : undefined});
		}
	}

	wheel.each(tick => {
		if (tick % listTicks === 1) {
			ids = [...store.all('instance')].filter(({status}) => status.state === 'running').map(({id}) => id);
		}

		for (due += (perSecond * tickMs) / 1000; due >= 1 && ids.length > 0; due--) {
			change(pick(random, ids) ?? '');
		}
	});
}
