import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {readNotes} from '../../source/backends/local/instance-notes.ts';
import {type BenchResult, row} from '../result.ts';
import {type BenchHome, nowMs, openHome, until} from './home.ts';

type InstanceRow = {id: string; slot: number; node: string; state: string; desired: string};
type ComponentRow = {name: string; state: string};
type NodeRow = {name: string; status: string};

/** As many as are killed one by one: a slot that fails twice in a row would wait for its back-off. */
const replicas = 15;

/** From the kill -9 (or the power cut, or the stop) to the moment at which the state is whole again. */
export async function bench(): Promise<BenchResult> {
	const home = openHome();
	try {
		await home.run('service', 'create', `--replicas=${replicas}`, '--name', 'web', '--restart-delay', '0s', 'nodejs');
		const instance = await times(replicas, index => killInstance(home, index + 1));
		const agent = await times(7, () => killAgent(home));
		const failed = await times(3, () => loseNode(home, node => home.run('node', 'fail', '--yes', '--for', '1s', node)));
		const stopped = await times(3, () => loseNode(home, async node => stopAgent(home, node)));
		return {
			name: 'repair',
			unit: 'ms',
			rows: [
				row('killed instance: replacement running', instance, {limit: {atMost: 1000}}),
				row('killed agent: back, no instance touched', agent, {limit: {atMost: 2000}}),
				row(
					'failed node: down',
					failed.map(({down}) => down),
					{limit: {atMost: 5000}},
				),
				row(
					'failed node: its instances run elsewhere',
					failed.map(({replaced}) => replaced),
					{limit: {atMost: 8000}},
				),
				row(
					'stopped agent (SIGSTOP): node down',
					stopped.map(({down}) => down),
					{limit: {atMost: 5000}},
				),
				row(
					'stopped agent: its instances run elsewhere',
					stopped.map(({replaced}) => replaced),
					{limit: {atMost: 8000}},
				),
			],
			note: `A service of ${replicas} × nodejs on three nodes, restart delay 0; what is seen by asking with the command, which costs up to 0.1 s.`,
		};
	} finally {
		await home.end();
	}
}

async function times<T>(count: number, measure: (index: number) => Promise<T>): Promise<T[]> {
	const figures: T[] = [];
	for (let index = 0; index < count; index++) {
		figures.push(await measure(index));
	}

	return figures;
}

async function living(home: BenchHome): Promise<InstanceRow[]> {
	const rows = await home.json<InstanceRow[]>('ps', 'web');
	return rows.filter(({state, desired}) => state === 'running' && desired === 'running');
}

async function killInstance(home: BenchHome, slot: number): Promise<number> {
	const victim = (await living(home)).find(row => row.slot === slot);
	const pid = childPid(home, victim as InstanceRow);
	const startMs = nowMs();
	process.kill(pid, 'SIGKILL');
	await until('a replacement', 10_000, async () => {
		const now = await living(home);
		const found = now.length === replicas && now.every(({id}) => id !== victim?.id);
		return found ? true : undefined;
	});
	return nowMs() - startMs;
}

/** The instance's own process: the child of its shim. */
function childPid(home: BenchHome, {id, node}: InstanceRow): number {
	const file = path.join(home.folder, 'state/nodes', node, 'instances', id, 'notes');
	const {pid} = readNotes(file).process ?? {};
	const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
	return Number(child);
}

async function killAgent(home: BenchHome): Promise<number> {
	const before = await living(home);
	const pid = agentPid(home, 'n1');
	const startMs = nowMs();
	process.kill(pid, 'SIGKILL');
	await until('the agent again', 10_000, () => {
		const now = agentPid(home, 'n1');
		return now !== pid && readdirSync('/proc').includes(String(now)) ? true : undefined;
	});
	await until('the agent connected', 10_000, async () => {
		const parts = await home.json<ComponentRow[]>('health');
		return parts.some(({name, state}) => name === 'agent n1' && state === 'ok') ? true : undefined;
	});
	const ms = nowMs() - startMs;
	const after = await living(home);
	if (JSON.stringify(before.map(({id}) => id).sort()) !== JSON.stringify(after.map(({id}) => id).sort())) {
		throw new Error('A killed agent cost instances');
	}

	return ms;
}

function agentPid(home: BenchHome, node: string): number {
	return (JSON.parse(readFileSync(path.join(home.folder, 'state/nodes', node, 'agent.json'), 'utf8')) as {pid: number})
		.pid;
}

function stopAgent(home: BenchHome, node: string): void {
	process.kill(agentPid(home, node), 'SIGSTOP');
}

async function loseNode(home: BenchHome, lose: (node: string) => Promise<unknown>) {
	const node = (await living(home)).find(row => row.node !== '')?.node ?? 'n1';
	const startMs = nowMs();
	await lose(node);
	await until('the node down', 20_000, async () => {
		const nodes = await home.json<NodeRow[]>('node', 'ls');
		return nodes.some(({name, status}) => name === node && status === 'down') ? true : undefined;
	});
	const down = nowMs() - startMs;
	await until('all elsewhere', 30_000, async () => {
		const now = await living(home);
		return now.length === replicas && now.every(row => row.node !== node) ? true : undefined;
	});
	const replaced = nowMs() - startMs;
	await until('the node back', 60_000, async () => {
		const nodes = await home.json<NodeRow[]>('node', 'ls');
		return nodes.every(({status}) => status === 'ready') ? true : undefined;
	});
	return {down, replaced};
}
