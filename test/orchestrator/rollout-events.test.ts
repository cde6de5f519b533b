import {expect, test} from 'vitest';
import {createOrchestratorBackend} from '../../source/orchestrator/orchestrator-backend.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

// It said "runs on all 1 slots".
test.each([
	[1, 'version 2 runs on its slot'],
	[2, 'version 2 runs on all 2 slots'],
])('what an update of %i slots has come to', async (replicas, expected) => {
	const clock = createManualClock();
	const {orchestrator} = createSimulatedCluster({seed: 7, clock});
	const turn = (ms: number) => {
		for (let passed = 0; passed < ms; passed += 20) clock.advance(20);
	};
	const change = (image: string, create: boolean) =>
		orchestrator.applyService({kind: 'service', name: 'web'}, {replicas, template: {image}}, {create});
	change('exec:/bin/x', true);
	turn(5000);
	change('exec:/bin/y', false);
	turn(20_000);
	const backend = createOrchestratorBackend(orchestrator, {clock});
	const {items} = await backend.list({kind: 'event'});
	expect(items.filter(({name}) => name === 'Updated').map(({message}) => message)).toEqual([expected]);
});
