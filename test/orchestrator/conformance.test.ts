import {createOrchestratorBackend} from '../../source/orchestrator/orchestrator-backend.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {describeBackend} from '../backends/conformance.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {settle} from '../helpers/scripted-backend.ts';

const stepMs = 20;
const maxSteps = 6000;

function simulated(behavior: string) {
	return {image: 'exec:/bin/simulated', env: {SIMULATE: behavior}};
}

describeBackend('the orchestrator in process', {
	templates: {
		lasting: simulated(''),
		ending: simulated('life=100ms-300ms'),
		failing: simulated('life=100ms-300ms exit=3'),
	},
	async open() {
		const clock = createManualClock();
		const cluster = createSimulatedCluster({seed: 7, clock});
		const backend = createOrchestratorBackend(cluster.orchestrator, {clock});
		return {
			backend,
			async until(what, condition) {
				for (let step = 0; step < maxSteps; step++) {
					await settle();
					if (await condition()) return;
					clock.advance(stepMs);
				}

				throw new Error(`after ${(maxSteps * stepMs) / 1000} simulated seconds: ${what} has not come about`);
			},
			async end() {
				backend.close();
				cluster.killDaemon();
			},
		};
	},
});
