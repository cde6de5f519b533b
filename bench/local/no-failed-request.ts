import {type HttpLoadResult, startHttpLoad} from '../http-load.ts';
import {type BenchResult, row} from '../result.ts';
import {openHome} from './home.ts';

const rounds = 3;
const connections = 32;

type Service = {status: {ports: Array<{published: number}>}};

/** Requests back to back over kept-alive connections through the gateway, while the service is scaled and a node drained; HTTP
 *  is led request by request. */
export async function bench(): Promise<BenchResult> {
	const home = openHome();
	const scaling: HttpLoadResult[] = [];
	const draining: HttpLoadResult[] = [];
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
	} finally {
		await home.end();
	}

	return {
		name: 'no-failed-request',
		unit: 'requests',
		rows: [...rows('scale 100 → 20 → 100', scaling), ...rows('drain of a node with a third of 100', draining)],
		note: `${connections} connections kept alive, ${rounds} rounds each; a request has failed when its answer did not come in full, or came with 500 and above. ${reasons([...scaling, ...draining])}`,
	};
}

async function underLoad(port: number, change: () => Promise<unknown>): Promise<HttpLoadResult> {
	const load = startHttpLoad({port, connections});
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
