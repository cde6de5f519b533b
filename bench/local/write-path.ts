import {Agent, request} from 'node:http';
import path from 'node:path';
import {createMemoryStore} from '../../source/orchestrator/store/memory-store.ts';
import {openSqlite} from '../../source/orchestrator/store/sqlite.ts';
import {type BenchResult, row} from '../result.ts';
import {type BenchHome, nowMs, openHome} from './home.ts';

const rounds = 7;
const seconds = 1.5;
const clients = 16;

/**
 * Writes that users were promised: each answered when it is on the disk. The floor is the store alone, one durable transaction of
 * one object after the other; beside it in turn the daemon's API, asked by one client and by many at the same time.
 */
export async function bench(): Promise<BenchResult> {
	const figures = {floor: [] as number[], one: [] as number[], many: [] as number[]};
	const home = openHome();
	try {
		for (let index = 0; index < clients; index++) {
			await home.run('volume', 'create', `v${index}`);
		}

		const [object] = await home.json<object[]>('volume', 'inspect', 'v0');
		for (let round = -1; round < rounds; round++) {
			const measured = {
				floor: transactionsPerSecond(path.join(home.folder, 'floor.db'), object ?? {}),
				one: await writesPerSecond(home, 1),
				many: await writesPerSecond(home, clients),
			};
			// The first warms up.
			if (round >= 0) {
				for (const [name, figure] of Object.entries(measured)) {
					figures[name as keyof typeof figures].push(figure);
				}
			}
		}
	} finally {
		await home.end();
	}

	const shares = (values: readonly number[]) => values.map((one, index) => one / (figures.floor[index] ?? Number.NaN));
	return {
		name: 'write-path',
		unit: 'writes/s',
		rows: [
			row('floor: durable transactions of the store alone', figures.floor),
			row('API, one client', figures.one),
			row(`API, ${clients} clients at the same time`, figures.many),
			row('share of the floor, one client', shares(figures.one), {unit: 'times'}),
			row(`share of the floor, ${clients} clients`, shares(figures.many), {unit: 'times', limit: {atLeast: 0.8}}),
		],
		note: `${rounds} rounds of ${seconds} s each in turn, on the same disk: labels of one volume each client.`,
	};
}

function transactionsPerSecond(file: string, object: object): number {
	const store = createMemoryStore({persistence: openSqlite(file)});
	try {
		let count = 0;
		const startMs = nowMs();
		for (; nowMs() < startMs + seconds * 1000; count++) {
			const labels = {turn: String(count)};
			store.transact(true, count, tx => tx.put('volume', {...object, kind: 'volume', spec: {labels}} as never));
		}

		return count / ((nowMs() - startMs) / 1000);
	} finally {
		store.close();
	}
}

async function writesPerSecond({folder}: BenchHome, count: number): Promise<number> {
	const agent = new Agent({keepAlive: true, maxSockets: count});
	const socketPath = path.join(folder, 'run/muster.sock');
	const startMs = nowMs();
	let written = 0;
	const client = async (name: string) => {
		for (let turn = 0; nowMs() < startMs + seconds * 1000; turn++) {
			await apply(agent, socketPath, name, {labels: {turn: `${turn} of ${startMs}`}});
			written++;
		}
	};
	await Promise.all(Array.from({length: count}, (_, index) => client(`v${index}`)));
	const tookSeconds = (nowMs() - startMs) / 1000;
	agent.destroy();
	return written / tookSeconds;
}

function apply(agent: Agent, socketPath: string, name: string, patch: object): Promise<void> {
	const body = JSON.stringify({ref: {kind: 'volume', name}, patch});
	return new Promise((resolve, reject) => {
		const headers = {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)};
		const asked = request({agent, socketPath, path: '/v1/apply', method: 'POST', headers}, response => {
			const {statusCode} = response;
			let text = '';
			response.setEncoding('utf8').on('data', part => {
				text += part;
			});
			response.on('end', () => (statusCode === 200 ? resolve() : reject(new Error(`${statusCode}: ${text}`))));
		});
		asked.on('error', reject).end(body);
	});
}
