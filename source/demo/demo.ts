import type {Backend, ComponentHealth, Facets} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {ClusterError} from '../core/error.ts';
import {isFinal} from '../core/instance-state.ts';
import type {Balancer} from '../orchestrator/balancer.ts';
import {Orchestrator} from '../orchestrator/orchestrator.ts';
import {createOrchestratorBackend} from '../orchestrator/orchestrator-backend.ts';
import {seededRandom} from '../orchestrator/simulated/random.ts';
import {createMemoryStore} from '../orchestrator/store/memory-store.ts';
import type {Store} from '../orchestrator/store/store.ts';
import {startChanges} from './changes.ts';
import {DemoFleet} from './fleet.ts';
import {Happenings} from './happenings.ts';
import {demoLogs} from './logs.ts';
import type {DemoOptions} from './options.ts';
import {type Stage, setStage} from './stage.ts';
import {DemoUsage} from './usage.ts';
import {Wheel} from './wheel.ts';

/** Changes that can be told again to who lost the thread; more would hold what is long gone in memory. */
const keptChanges = 2048;

/**
 * A lively cluster in this process: the real orchestrator on machines that are not there. Nothing is kept, nothing outside is
 * touched; the same seed begins with the same cluster.
 */
export function createDemo(options: DemoOptions, clock: Clock): Backend {
	const {seed, changesPerSecond} = options;
	const random = seededRandom(seed);
	const stage = setStage(options, clock.now(), random);
	const store = storeOf(stage);
	const wheel = new Wheel(clock);
	const now = () => clock.now();
	const fleet = new DemoFleet({wheel, random, now, store, events: () => orchestrator});
	const balancer: Balancer = {publish: ({serial}) => wheel.after(0, () => orchestrator.routesApplied(serial))};
	const orchestrator = new Orchestrator({
		store,
		fleet,
		balancer,
		clock,
		random: seededRandom(~seed),
		machine: stage.machine,
	});
	orchestrator.start();
	const usage = new DemoUsage({wheel, store, fleet, now});
	startChanges({wheel, store, fleet, random, perSecond: changesPerSecond});
	new Happenings({wheel, fleet, orchestrator, random, spotNodeIds: stage.spotNodeIds});
	const facets = facetsOf({store, fleet, orchestrator, clock});
	const backend = createOrchestratorBackend(orchestrator, {
		clock,
		name: 'demo',
		engine: `demo, seed ${seed}`,
		usage,
		keptChanges,
		facets,
	});
	return {
		...backend,
		close() {
			wheel.stop();
			orchestrator.stop();
			backend.close();
		},
	};
}

/** A store that begins with the stage set, and writes nothing anywhere. */
function storeOf({objects}: Stage): Store {
	const persistence = {load: () => ({revision: 1, objects}), write() {}, close() {}};
	return createMemoryStore({persistence, keptChanges});
}

type Parts = {
	readonly store: Store;
	readonly fleet: DemoFleet;
	readonly orchestrator: Orchestrator;
	readonly clock: Clock;
};

const codes: Readonly<Record<string, number>> = {SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15};

function facetsOf({store, fleet, orchestrator, clock}: Parts): Partial<Facets> {
	return {
		logs: demoLogs({store, clock}),
		async kill({id = '', name}, signal) {
			const state = store.get('instance', id)?.status.state;
			if (state === undefined || isFinal(state)) {
				throw new ClusterError('conflict', `${name} does not run.`);
			}

			fleet.end(id, {exitCode: 128 + (codes[signal] ?? 0), reason: `ended by ${signal}`});
		},
		async failNode(node, forMs) {
			orchestrator.failNode(node, forMs);
		},
		async moveInstances(instances) {
			orchestrator.moveInstances(instances.map(({id = ''}) => id));
		},
		async health() {
			return healthOf(orchestrator);
		},
	};
}

function healthOf({store, storageError}: Orchestrator): readonly ComponentHealth[] {
	const agents = [...store.all('node')].map(({name, status, instances}): ComponentHealth => {
		const isReady = status.state === 'ready';
		return {
			name: `agent ${name}`,
			state: isReady ? 'ok' : 'failed',
			message: isReady ? `simulated, ${instances} instances` : (status.message ?? status.state),
		};
	});
	return [
		{name: 'orchestrator', state: 'ok', message: 'in this process'},
		{
			name: 'store',
			state: storageError === undefined ? 'ok' : 'failed',
			message: `in memory, revision ${store.revision}`,
		},
		...agents,
	];
}
