import {quantiles} from '../dashboard/keys.ts';
import {hints, openMusterOn, pause} from '../dashboard/program.ts';
import {type BenchRow, row} from '../result.ts';
import {type Place, until} from './place.ts';

const tasks = 1000;
const keys = 150;

/**
 * The dashboard on a thousand tasks that wait for a node, while a service on its way makes it list them by the second: each key is
 * on the screen before an eye sees a pause.
 */
export async function thousand(place: Place): Promise<BenchRow[]> {
	const {docker} = place;
	const create = ['service', 'create', '-d', '-q', '--no-resolve-image'];
	docker(...create, '--name', 'crowd', '--replicas', String(tasks), '--constraint', 'node.labels.none==1', 'idle:1');
	const backend = await place.open();
	const made = async () => (await backend.list({kind: 'instance'})).items.length >= tasks;
	await until('a thousand tasks are there', made, 200);
	backend.close();
	const muster = openMusterOn([], {
		DOCKER_HOST: `unix://${place.socket}`,
		MUSTER_HOME: place.home,
		MUSTER_CONTEXT: 'swarm:env',
	});
	try {
		await muster.until(hints);
		const first = await muster.timed(':instances\r', /crowd\.20\b/);
		await pause(2000);
		const times: number[] = [];
		for (let index = 0; index < keys; index++) {
			times.push(await muster.timed(index % 2 === 0 ? 'j' : 'k', '▸'));
			await pause(30);
		}

		const {p50, p99} = quantiles(times);
		return [
			row('the instances of a thousand, from the key to their rows', [first], {limit: {atMost: 500}}),
			row('key to frame beside a thousand tasks, median', [p50]),
			row('key to frame beside a thousand tasks, p99', [p99], {limit: {atMost: 100}}),
			row('memory of the dashboard then', [muster.memory().bytes / 1e6], {unit: 'MB'}),
		];
	} finally {
		await muster.end();
		docker('service', 'rm', 'crowd');
	}
}
