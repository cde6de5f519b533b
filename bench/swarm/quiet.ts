import path from 'node:path';
import {hints, openMusterOn, pause} from '../dashboard/program.ts';
import {type BenchRow, row} from '../result.ts';
import {countingProxy} from './counting-proxy.ts';
import type {Place} from './place.ts';

/** After its start everything has been read, and nothing is looked at often any more. */
const settleMs = 20_000;
const watchMs = 60_000;

/** The dashboard for a minute in which nothing happens: what the engines of manager and nodes are asked. */
export async function quiet({home, state}: Place): Promise<BenchRow[]> {
	const names = ['node1', 'node2', 'node3'];
	const proxies = await Promise.all(
		names.map(name => countingProxy(path.join(home, `${name}.sock`), path.join(state, `${name}.sock`))),
	);
	const muster = openMusterOn([], {
		DOCKER_HOST: `unix://${path.join(home, 'node1.sock')}`,
		MUSTER_SWARM_NODES: `unix://${home}/{name}.sock`,
		MUSTER_HOME: home,
		MUSTER_CONTEXT: 'swarm:env',
	});
	const count = () => proxies.reduce((sum, proxy) => sum + proxy.count(), 0);
	try {
		await muster.until(hints);
		await pause(settleMs);
		const [before, cpuBefore] = [count(), muster.cpuMs()];
		await pause(watchMs);
		return [
			row('requests in a quiet minute', [count() - before], {unit: 'requests', limit: {atMost: 6}}),
			row('cpu in that minute', [((muster.cpuMs() - cpuBefore) / watchMs) * 100], {unit: '% of a core'}),
		];
	} finally {
		await muster.end();
		for (const proxy of proxies) proxy.end();
	}
}
