import type {Progress, World} from '../../../actions/action.ts';
import {choice, duration, toggle} from '../../../actions/fields/fields.ts';
import {serviceProgress} from '../../../actions/service/service-progress.ts';
import {ClusterError} from '../../../core/error.ts';
import {isFinal} from '../../../core/instance-state.ts';
import type {Kind, Objects} from '../../../core/model/index.ts';
import {isHealthy} from '../../../core/reconcile/slots.ts';
import {stripControl} from '../../../core/text/text.ts';
import {findOne} from '../../arguments/resolve.ts';
import {createProgressLines} from '../../running/progress-lines.ts';
import {type Awaited, waitUntil} from '../../running/wait-until.ts';
import {readWorld} from '../../running/world.ts';
import {defineVerb} from '../../verb.ts';
import {persist} from '../../watching/follow.ts';

type Named = {readonly id: string; readonly name: string};
type Condition = (world: World, named: Named) => Progress;

function reachedIf(isReached: boolean, name: string, state: string): Progress {
	return isReached
		? {state: 'reached', message: `${name} is ${state}`}
		: {state: 'waiting', message: `${name} is not ${state} yet`, done: 0, total: 1};
}

/** A condition on the object itself; that it goes away fails the wait. */
function when<K extends 'service' | 'node' | 'instance'>(kind: K, test: (object: Objects[K]) => string | undefined) {
	return (state: string): Condition =>
		(world, {id, name}) => {
			const objects: ReadonlyArray<Objects[Kind]> = world[`${kind}s`];
			const object = objects.find(one => one.id === id) as Objects[K] | undefined;
			return object === undefined
				? {state: 'failed', message: `${name} was removed`}
				: reachedIf(test(object) === state, name, state);
		};
}

function gone(kind: 'service' | 'node'): Condition {
	return (world, {id, name}) => reachedIf(!world[`${kind}s`].some(one => one.id === id), name, 'removed');
}

const ofNode = when('node', ({status, availability}) => (availability === 'drained' ? availability : status.state));
const ofInstance = when('instance', ({status}) => (status.state === 'completed' ? 'completed' : undefined));

const conditions: Readonly<Record<string, Readonly<Record<string, Condition>>>> = {
	service: {
		healthy: serviceProgress,
		running: when('service', ({status}) => (status.running >= status.desired ? 'running' : undefined))('running'),
		completed: when('service', ({spec, status}) =>
			spec.mode === 'job' && status.completed >= Math.max(spec.perNode ? 1 : 0, status.desired)
				? 'completed'
				: undefined,
		)('completed'),
		removed: gone('service'),
	},
	node: {
		ready: when('node', ({status}) => status.state)('ready'),
		down: when('node', ({status}) => status.state)('down'),
		drained: ofNode('drained'),
		removed: gone('node'),
	},
	instance: {
		healthy: when('instance', one => (isHealthy(one) ? 'healthy' : undefined))('healthy'),
		running: when('instance', ({status}) => status.state)('running'),
		completed: ofInstance('completed'),
		ended: when('instance', ({status}) => (isFinal(status.state) ? 'ended' : undefined))('ended'),
	},
};

const states = [...new Set(Object.values(conditions).flatMap(Object.keys))];

export const wait = defineVerb({
	operands: [{name: 'service|node|instance'}, {name: 'NAME', many: true}],
	fields: {
		for: choice('What to wait for; default: the first that its kind has', states),
		timeout: duration('Give up after this time, with exit 7'),
		quiet: toggle('Show no progress', {short: 'q'}),
	},
	details: Object.entries(conditions)
		.map(([kind, known]) => `${kind === 'instance' ? 'An' : 'A'} ${kind} can become ${Object.keys(known).join(', ')}.`)
		.join('\n'),
	examples: ['muster wait service web --for healthy --timeout 30s'],
	async run(call) {
		const {host, flags, operands} = call;
		const [word = '', ...names] = operands;
		const kind = word.replace(/s$/, '') as 'service' | 'node' | 'instance';
		const known = conditions[kind];
		if (known === undefined) {
			throw new ClusterError('usage', `${JSON.stringify(stripControl(word))} is not one of service, node, instance`);
		}

		const state = flags.for ?? Object.keys(known)[0] ?? '';
		const condition = known[state];
		if (condition === undefined) {
			throw new ClusterError(
				'usage',
				`--for: a ${kind} does not become ${state}, but ${Object.keys(known).join(', ')}`,
			);
		}

		const backend = await call.backend();
		const world = await persist(() => readWorld(backend, host.now(), kind), {signal: host.interrupted, clock: host});
		const objects: ReadonlyArray<Objects[Kind]> = world[`${kind}s`];
		const awaited = names.flatMap((name): Awaited[] => {
			if (state === 'removed' && !objects.some(one => one.name === name || one.id === name)) {
				return [];
			}

			const found = findOne<Kind>(kind, objects, name, {exact: false});
			return [{name: found.name, progress: now => condition(now, found)}];
		});
		const lines = createProgressLines(host.stderr, flags.quiet ?? false);
		try {
			const {progress, interrupted} =
				awaited.length === 0
					? {progress: new Map<string, Progress>(), interrupted: false}
					: await waitUntil(awaited, {backend, host, timeoutMs: flags.timeout, patient: true, show: lines.show});
			lines.clear();
			host.stderr.write(
				flags.quiet ? '' : [...progress.values()].map(({message}) => `${stripControl(message)}\n`).join(''),
			);
			return interrupted ? 130 : 0;
		} finally {
			lines.clear();
		}
	},
});
