import {expect, test} from 'vitest';
import type {Tunnel} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import {openPortForward} from '../../source/live/port-forward.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {anInstance} from '../helpers/objects.ts';
import {settle} from '../helpers/scripted-backend.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';

type End = Tunnel & {readonly written: string[]; send(text: string): void; finish(): void; readonly isClosed: boolean};

/** One end of a connection, in a test's hands. */
function createEnd(): End {
	const waiting: string[] = [];
	const written: string[] = [];
	let isOver = false;
	let isClosed = false;
	let wake = () => {};
	return {
		written,
		send(text) {
			waiting.push(text);
			wake();
		},
		finish() {
			isOver = true;
			wake();
		},
		get isClosed() {
			return isClosed;
		},
		output: (async function* () {
			for (;;) {
				const next = waiting.shift();
				if (next !== undefined) yield Buffer.from(next);
				else if (isOver) return;
				else
					await new Promise<void>(resolve => {
						wake = resolve;
					});
			}
		})(),
		write: data => written.push(Buffer.from(data).toString()),
		drained: async () => {},
		end: () => written.push('END'),
		close() {
			isClosed = true;
			isOver = true;
			wake();
		},
	};
}

async function open(instanceName?: string) {
	const instance = (slot: number, state = 'running') =>
		anInstance(`web.${slot}`, {
			id: `i${slot}`,
			serviceId: 'web',
			slot,
			status: {state, at: 0, health: 'none', endpoints: []} as never,
		});
	const reached: string[] = [];
	const tunnels: End[] = [];
	const deaf = new Set<string>();
	const cluster = createScriptedCluster([instance(1), instance(2)], {
		async connect({name}, port) {
			reached.push(`${name}:${port}`);
			if (deaf.has(name)) throw new ClusterError('unreachable', `nothing listens on ${name}`);
			const tunnel = createEnd();
			tunnels.push(tunnel);
			return tunnel;
		},
	});
	const clock = createManualClock();
	const said: string[] = [];
	const listening: Array<{port: number; accept(connection: Tunnel): void; isClosed: boolean}> = [];
	const opening = openPortForward({
		backend: cluster,
		clock,
		address: '127.0.0.1',
		ports: [
			{local: 0, remote: 80},
			{local: 9000, remote: 90},
		],
		to: {serviceId: 'web', serviceName: 'web', ...(instanceName === undefined ? {} : {instanceName})},
		tell: text => said.push(text),
		async listen(_, port, accept) {
			const one = {port: port || 1234, accept, isClosed: false};
			listening.push(one);
			return {
				port: one.port,
				close() {
					one.isClosed = true;
				},
			};
		},
	});
	const turn = async () => {
		for (let round = 0; round < 5; round++) {
			clock.advance(150);
			await settle();
		}
	};
	await turn();
	const forward = await opening;
	let ended: string | undefined;
	void forward.ended.then(({message}) => {
		ended = message;
	});
	return {
		...{cluster, clock, said, forward, tunnels, reached, listening, turn, deaf, instance},
		ended: () => ended,
		async connect(index = 0) {
			const end = createEnd();
			listening[index]?.accept(end);
			await turn();
			return end;
		},
	};
}

test('what is written on one side arrives on the other', async () => {
	const {connect, tunnels, forward, turn} = await open();
	expect(forward.ports).toEqual([
		{local: 1234, remote: 80},
		{local: 9000, remote: 90},
	]);
	const client = await connect();
	client.send('question');
	tunnels[0]?.send('answer');
	await turn();
	expect([tunnels[0]?.written, client.written, forward.open]).toEqual([['question'], ['answer'], 1]);
	tunnels[0]?.finish();
	client.finish();
	await turn();
	expect([client.written.at(-1), client.isClosed, tunnels[0]?.isClosed, forward.open]).toEqual(['END', true, true, 0]);
});

test('connections stay with one instance while it runs, and go to another when it does not', async () => {
	const {connect, reached, cluster, said, turn} = await open();
	await connect();
	await connect(1);
	cluster.drop('i1');
	await turn();
	await connect();
	expect(reached).toEqual(['web.1:80', 'web.1:90', 'web.2:80']);
	expect(said).toEqual(['connections go to web.2 now']);
});

test('one of a service that does not answer is passed over', async () => {
	const {connect, reached, deaf, said} = await open();
	deaf.add('web.1');
	await connect();
	expect([reached, said]).toEqual([['web.1:80', 'web.2:80'], []]);
	deaf.add('web.2');
	const client = await connect();
	expect([client.isClosed, said.at(-1)]).toEqual([true, 'nothing listens on web.1']);
});

test('a named instance is waited for, and found again in its place', async () => {
	const {connect, cluster, said, turn, instance, ended, clock} = await open('web.2');
	cluster.drop('i2');
	await turn();
	expect((await connect()).isClosed).toBe(true);
	expect(said).toEqual(['web.2 does not run now: the connection was ended']);
	clock.advance(10_000);
	cluster.put({...instance(2), id: 'i9'});
	await turn();
	clock.advance(20_000);
	await turn();
	expect(ended()).toBeUndefined();
	expect((await connect()).isClosed).toBe(false);
});

test('what is gone for good ends it, and says so', async () => {
	const {cluster, turn, ended, clock, listening} = await open('web.2');
	cluster.drop('i2');
	await turn();
	clock.advance(15_000);
	await turn();
	expect([ended(), listening.map(({isClosed}) => isClosed)]).toEqual(['web.2 is gone', [true, true]]);
});

test('while the cluster cannot be reached nothing is taken for gone', async () => {
	const {cluster, turn, ended, clock} = await open();
	cluster.disconnect();
	await turn();
	clock.advance(60_000);
	await turn();
	expect(ended()).toBeUndefined();
});
