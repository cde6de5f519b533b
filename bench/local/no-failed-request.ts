import {type HttpLoadResult, startHttpLoad} from '../http-load.ts';
import {type BenchResult, row} from '../result.ts';
import {openHome} from './home.ts';

const rounds = 3;
const connections = 32;
/** Of the second part: a load that leaves the machine room. */
const updated = 50;
const perSecond = 1000;

type Service = {status: {ports: Array<{published: number}>}};

/** Requests back to back over kept-alive connections through the gateway, while the service is scaled and a node drained; HTTP
 *  is led request by request. */
export async function bench(): Promise<BenchResult> {
	const home = openHome();
	const scaling: HttpLoadResult[] = [];
	const draining: HttpLoadResult[] = [];
	const updating: HttpLoadResult[] = [];
	const paced: HttpLoadResult[] = [];
	try {
		await home.run('service', 'create', '--replicas=100', '--name', 'web', '-p', '80/http', 'nodejs');
		const [web] = await home.json<Service[]>('service', 'inspect', 'web');
		const port = web?.status.ports[0]?.published ?? 0;
		for (let round = 0; round < rounds; round++) {
			scaling.push(
				await underLoad(port, async () => {
					await home.run('scale', 'web=20');
					await home.run('scale', 'web=100');
				}),
			);
			draining.push(await underLoad(port, () => home.run('node', 'drain', '--yes', `n${round + 1}`)));
			await home.run('node', 'uncordon', `n${round + 1}`);
		}

		await home.run('scale', `web=${updated}`);
		await home.run('rebalance');
		for (let round = 0; round < rounds; round++) {
			const order = round % 2 === 0 ? 'start-first' : 'stop-first';
			const how = ['--update-order', order, '--update-parallelism', '5', '--update-monitor', '500ms'];
			updating.push(
				await underLoad(port, () => home.run('service', 'update', '--env', `ROUND=${round}`, ...how, 'web'), perSecond),
			);
			paced.push(await underLoad(port, () => home.run('node', 'drain', '--yes', `n${round + 1}`), perSecond));
			await home.run('node', 'uncordon', `n${round + 1}`);
		}
	} finally {
		await home.end();
	}

	return {
		name: 'no-failed-request',
		unit: 'requests',
		rows: [
			...rows('scale 100 → 20 → 100', scaling),
			...rows('drain of a node with a third of 100', draining),
			...rows(`rolling update of ${updated}, ${perSecond} requests/s`, updating),
			...rows(`drain of a node with a third of ${updated}, ${perSecond} requests/s`, paced),
		],
		note: `${connections} connections kept alive, ${rounds} rounds each, updates by turns start-first and stop-first, 5 at a time; a request has failed when its answer did not come in full, or came with 500 and above. ${reasons([...scaling, ...draining, ...updating, ...paced])}`,
	};
}

async function underLoad(port: number, change: () => Promise<unknown>, paceOf?: number): Promise<HttpLoadResult> {
	const load = startHttpLoad({port, connections, ...(paceOf !== undefined && {perSecond: paceOf})});
	try {
		await change();
	} catch (error) {
		await load.stop();
		throw error;
	}

	return load.stop();
}

function rows(what: string, results: readonly HttpLoadResult[]) {
	const perSecond = results.map(({requests, seconds}) => requests / seconds);
	return [
		row(`${what}: failed in all rounds`, [results.reduce((sum, {failed}) => sum + failed, 0)], {limit: {atMost: 0}}),
		row(
			`${what}: answered`,
			results.map(({requests}) => requests),
		),
		row(`${what}: answered per second`, perSecond, {unit: 'requests/s'}),
		row(
			`${what}: p99`,
			results.map(({latencyMs}) => latencyMs.p99),
			{unit: 'ms'},
		),
	];
}

function reasons(results: readonly HttpLoadResult[]): string {
	const all = results.flatMap(({failures}) => Object.entries(failures));
	return all.length === 0 ? '' : `Failures: ${JSON.stringify(Object.fromEntries(all))}`;
}
