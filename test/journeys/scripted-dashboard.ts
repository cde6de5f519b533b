// A dashboard on a scripted cluster, in a terminal: what the journeys run.
import {runDashboard} from '../../source/views/index.tsx';
import {realClock} from '../helpers/real-clock.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {smallCluster} from '../helpers/small-cluster.ts';

const cluster = createScriptedCluster(smallCluster(Date.now()));
if (process.argv.includes('--crash-on-scale')) {
	cluster.apply = () => {
		setImmediate(() => {
			throw new Error('crashed on purpose');
		});
		return new Promise(() => {});
	};
}

await runDashboard({
	backend: cluster,
	journal: {record() {}},
	who: 'tester',
	clock: realClock,
	random: Math.random,
	readOnly: process.argv.includes('--read-only'),
	env: process.env,
	stdin: process.stdin,
	stdout: process.stdout,
});
process.stdout.write('left\n');
process.exit(0);
