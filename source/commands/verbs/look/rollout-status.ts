import type {Progress, World} from '../../../actions/action.ts';
import {duration, toggle} from '../../../actions/fields/fields.ts';
import {serviceProgress} from '../../../actions/service/service-progress.ts';
import type {Service} from '../../../core/model/index.ts';
import {isThrough} from '../../../core/reconcile/rollout.ts';
import {stripControl} from '../../../core/text/text.ts';
import {findOne} from '../../arguments/resolve.ts';
import {createProgressLines} from '../../running/progress-lines.ts';
import {waitUntil} from '../../running/wait-until.ts';
import {readWorld} from '../../running/world.ts';
import {defineVerb} from '../../verb.ts';

export const rolloutStatus = defineVerb({
	operands: [{name: 'SERVICE', completes: 'service', many: true}],
	fields: {
		noWait: toggle('Say how it stands, and end'),
		timeout: duration('Give up waiting after this time (exit 7)'),
	},
	details:
		'Waits until no update is under way any more and all is ready, or it stands still. Ends with 1 where too many instances failed.',
	async run({host, flags, operands, backend: open}) {
		const backend = await open();
		const world = await readWorld(backend, host.now(), 'service');
		const services = operands.map(word => findOne('service', world.services, word, {exact: false}));
		if (flags.noWait) {
			host.stdout.write(services.map(service => `${stripControl(standing(service))}\n`).join(''));
			return 0;
		}

		const awaited = services.map(service => ({name: service.name, progress: (now: World) => ended(now, service)}));
		const lines = createProgressLines(host.stderr, false);
		try {
			const {progress, interrupted} = await waitUntil(awaited, {
				backend,
				host,
				timeoutMs: flags.timeout,
				patient: true,
				show: lines.show,
			});
			lines.clear();
			host.stdout.write([...progress.values()].map(({message}) => `${stripControl(message)}\n`).join(''));
			return interrupted ? 130 : 0;
		} finally {
			lines.clear();
		}
	},
});

function ended(world: World, target: Service): Progress {
	const service = world.services.find(({id}) => id === target.id);
	const rollout = service?.rollout;
	const progress = serviceProgress(world, target);
	if (service === undefined || progress.state === 'failed') {
		return progress;
	}

	const message = standing(service);
	if (rollout === undefined) {
		// It may be the first one, which no engine calls an update, or none any more and not all are ready yet.
		return service.spec.mode === 'job' || progress.state === 'reached' ? {state: 'reached', message} : progress;
	}

	if (isThrough(rollout)) {
		return {state: 'reached', message};
	}

	if (service.type !== undefined && rollout.message !== undefined) {
		// An engine that has given it up says so.
		return {state: 'failed', message};
	}

	if (rollout.state === 'paused') {
		return {state: rollout.pausedBy === 'failure' ? 'failed' : 'reached', message};
	}

	return {...progress, state: 'waiting', message, done: rollout.updated, total: rollout.total};
}

/** `web: updating to version 3, 2 of 8`. */
function standing({name, version, rollout}: Service): string {
	if (rollout === undefined) {
		return `${name}: version ${version}, no update under way`;
	}

	const why = rollout.message === undefined ? '' : `: ${rollout.message}`;
	const words = {
		updating: 'updating to',
		'rolling-back': 'rolling back to',
		paused: `${rollout.isRollback ? 'rollback' : 'update'} paused, on the way to`,
		completed: 'updated to',
		'rolled-back': 'rolled back to',
	}[rollout.state];
	return `${name}: ${words} version ${version}, ${rollout.updated} of ${rollout.total}${why}`;
}
