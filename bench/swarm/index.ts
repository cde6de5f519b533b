import {whyNoCluster} from '../../test/clusters/swarm-cluster.ts';
import type {BenchResult, BenchRow} from '../result.ts';
import {changes} from './changes.ts';
import {lists} from './lists.ts';
import {makePlace, type Place} from './place.ts';
import {quiet} from './quiet.ts';
import {starts} from './starts.ts';
import {thousand} from './thousand.ts';

type Part = (place: Place) => BenchRow[] | Promise<BenchRow[]>;

const parts: Readonly<Record<string, Part>> = {lists, starts, changes, quiet, thousand};

/** Against docker's own command in the same minutes, on a swarm of three nodes of this machine; BENCH_SWARM=lists,quiet takes parts. */
export async function bench(): Promise<BenchResult> {
	const lack = whyNoCluster();
	if (lack !== undefined) throw new Error(`no swarm can be made here: ${lack}`);
	const asked = process.env.BENCH_SWARM?.split(',') ?? Object.keys(parts);
	const place = await makePlace();
	try {
		const rows: BenchRow[] = [];
		for (const name of asked) {
			const part = parts[name];
			if (part === undefined) throw new Error(`BENCH_SWARM: ${name} is none of ${Object.keys(parts).join(', ')}`);
			process.stderr.write(`swarm: ${name}\n`);
			rows.push(...(await part(place)));
		}

		return {
			name: 'swarm',
			unit: 'ms',
			rows,
			note: 'Three nodes on this machine, engines of docker’s own. `ps` and `service ls` against twice docker’s time and one start of Node, in turn; created and scaled with -d, until the manager says that all run.',
		};
	} finally {
		await place.end();
	}
}
