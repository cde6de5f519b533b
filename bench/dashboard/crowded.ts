// A dashboard on a cluster in this process: `crowded.mjs INSTANCES CHANGES_PER_SECOND`. What the bench starts in a pty.
import type {Instance} from '../../source/core/model/index.ts';
import {runDashboard} from '../../source/views/index.tsx';
import {aNode, anInstance, aService} from '../../test/helpers/objects.ts';
import {realClock} from '../../test/helpers/real-clock.ts';
import {createScriptedCluster} from '../../test/helpers/scripted-cluster.ts';

const count = Number(process.argv[2]);
const changesPerSecond = Number(process.argv[3]);
const perService = 100;
const nodeCount = 100;
const now = Date.now();

function instance(index: number): Instance {
	const service = `svc-${String(Math.floor(index / perService)).padStart(4, '0')}`;
	const node = `n${index % nodeCount}`;
	return anInstance(`${service}.${(index % perService) + 1}`, {
		createdAt: now - 3_600_000 - index * 1000,
		nodeId: `${node}-id`,
		nodeName: node,
		usage: {cpus: 0.1, memoryBytes: 50_000_000, at: now},
		status: {
			state: 'running',
			at: now,
			health: 'healthy',
			pid: index,
			endpoints: [{target: 80, host: '127.0.0.1', port: 20_000 + (index % 10_000)}],
		},
	});
}

const instances = Array.from({length: count}, (_, index) => instance(index));
const services = Array.from({length: Math.ceil(count / perService)}, (_, index) =>
	aService(`svc-${String(index).padStart(4, '0')}`, {
		createdAt: now - 7_200_000,
		status: {desired: perService, running: perService, healthy: perService, completed: 0, ports: []},
	}),
);
const nodes = Array.from({length: nodeCount}, (_, index) =>
	aNode(`n${index}`, {createdAt: now - 7_200_000, usage: {cpus: 2, memoryBytes: 2 ** 31, at: now}}),
);
const cluster = createScriptedCluster([...services, ...nodes, ...instances]);

if (changesPerSecond > 0) {
	const eachMs = 20;
	let next = 0;
	setInterval(() => {
		for (let change = 0; change < (changesPerSecond * eachMs) / 1000; change++) {
			next = (next + 7919) % count;
			const object = instances[next];
			if (object !== undefined) {
				const health = change % 10 === 0 ? 'unhealthy' : 'healthy';
				cluster.put({
					...object,
					usage: {cpus: Math.random(), memoryBytes: 5e7, at: now},
					status: {...object.status, health},
				});
			}
		}
	}, eachMs).unref();
}

await runDashboard({
	backend: cluster,
	journal: {record() {}},
	who: 'bench',
	clock: realClock,
	random: Math.random,
	readOnly: true,
	env: process.env,
	stdin: process.stdin,
	stdout: process.stdout,
});
process.exit(0);
