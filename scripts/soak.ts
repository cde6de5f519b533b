// `npm run soak -- --minutes 60 [--seed N] [--samples FILE]`: an hour of churn on the built program with real processes. Services come, are
// scaled, updated, killed, asked and go, with configs, secrets and watches; muster's own processes and its home may not grow by
// it. Each figure of each process is a test; the last line counts them. FILE gets each sample as it is taken, a line of JSON.
import {appendFileSync} from 'node:fs';
import {request} from 'node:http';
import {openLocal} from '../source/backends/local/index.ts';
import type {Backend} from '../source/core/backend.ts';
import {seededRandom} from '../source/orchestrator/simulated/random.ts';
import {Engine} from '../test/kill/engine.ts';
import {install} from '../test/kill/installation.ts';
import {judge} from '../test/soak/growth.ts';
import {Samples} from '../test/soak/samples.ts';
import {countOf, readFlags} from './flags.ts';

const {values} = readFlags({
	options: {
		minutes: {type: 'string', default: '60'},
		seed: {type: 'string', default: '1'},
		samples: {type: 'string'},
	},
});

const print = (text: string) => process.stdout.write(`${text}\n`);
const random = seededRandom(countOf('seed', values.seed));
const wholeMs = countOf('minutes', values.minutes) * 60_000;
const upTo = (count: number) => 1 + Math.floor(random() * count);
const restTimeoutMs = 60_000;
const samplesPerSoak = 60;

/** One round: from rest to rest. */
async function churn(backend: Backend, round: number): Promise<void> {
	const stop = new AbortController();
	const watched = watch(backend, stop.signal);
	const name = `s${round % 7}`;
	const data = () => ({data: {data: `content ${round} ${random()}`}});
	await backend.apply({kind: 'config', name: 'app'}, data(), {});
	await backend.apply({kind: 'secret', name: 'db'}, data(), {});
	const template = {image: 'exec:/bin/sleep', command: ['1000'], env: {ROUND: String(round)}};
	await backend.apply({kind: 'service', name}, {template, replicas: upTo(4)}, {create: true});
	await backend.apply(
		{kind: 'service', name: 'steady'},
		{replicas: 1 + upTo(3), template: {env: {R: String(round)}}},
		{},
	);
	await Promise.all(Array.from({length: 20}, () => ask(backend)));
	await backend.apply({kind: 'service', name}, {replicas: upTo(6), template: {env: {ROUND: `${round}b`}}}, {});
	const {items} = await backend.list({kind: 'instance'});
	const running = items.find(({status}) => status.state === 'running');
	if (running !== undefined) {
		await backend.facets.kill?.({kind: 'instance', id: running.id, name: running.name}, 'SIGKILL').catch(() => {});
	}

	await backend.remove({kind: 'service', name}, {});
	await settled(backend, name);
	stop.abort();
	await watched;
}

async function watch(backend: Backend, signal: AbortSignal): Promise<void> {
	const {revision} = await backend.list({kind: 'instance'});
	for await (const _ of backend.watch({kind: 'instance'}, revision, signal)) {
		// Only to be there.
	}
}

/** A request through the gateway; one that fails now is no matter of a soak. */
async function ask(backend: Backend): Promise<void> {
	const {items} = await backend.list({kind: 'service', name: 'steady'});
	const port = items[0]?.status.ports[0]?.published;
	await new Promise<void>(resolve => {
		const asked = request({host: '127.0.0.1', port, path: '/', agent: false, timeout: 5000}, response => {
			response.resume().once('close', resolve);
		});
		asked.once('error', () => resolve());
		asked.once('timeout', () => asked.destroy());
		asked.end();
	});
}

async function settled(backend: Backend, gone: string): Promise<void> {
	const deadline = performance.now() + restTimeoutMs;
	for (;;) {
		const {items} = await backend.list({kind: 'service'});
		const steady = items.find(({name}) => name === 'steady');
		if (steady && steady.status.healthy === steady.spec.replicas && !items.some(({name}) => name === gone)) {
			return;
		}

		if (performance.now() > deadline) {
			throw new Error(
				`no rest: ${items.map(({name, status}) => `${name} ${status.healthy}/${status.desired}`).join(', ')}`,
			);
		}

		await new Promise(resolve => setTimeout(resolve, 50));
	}
}

async function main(): Promise<boolean> {
	const installation = install();
	const engine = new Engine(installation, 'soak');
	const samples = new Samples();
	const results: boolean[] = [];
	const say = (ok: boolean, text: string) => {
		results.push(ok);
		print(`${ok ? 'ok     ' : 'FAILED '} ${text}`);
	};

	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			engine.kill();
			installation.remove();
			process.exit(1);
		});
	}

	try {
		await engine.run('service', 'create', '--name', 'steady', '--replicas', '2', '-p', '0:80/http', 'nodejs');
		await engine.run('config', 'create', 'app', '--literal', 'data=0');
		await engine.run('secret', 'create', 'db', '--literal', 'data=0');
		const backend = await openLocal({home: engine.home, cwd: '/', path: '/bin:/usr/bin', autoStart: false});
		const startedMs = performance.now();
		const endMs = startedMs + wholeMs;
		const everyMs = wholeMs / samplesPerSoak;
		let nextMs = 0;
		let round = 0;
		for (; performance.now() < endMs; round++) {
			await churn(backend, round);
			if (performance.now() >= nextMs) {
				nextMs = performance.now() + everyMs;
				const figures = samples.take(engine.home.root, engine.processes());
				if (values.samples !== undefined) {
					const seconds = Math.round((performance.now() - startedMs) / 1000);
					appendFileSync(values.samples, `${JSON.stringify({seconds, round, ...figures})}\n`);
				}
			}
		}

		backend.close();
		print(`${round} rounds in ${values.minutes} minutes`);
		for (const series of samples.series) {
			const {ok, text} = judge(series);
			say(ok, text);
		}
	} catch (error) {
		say(false, (error as Error).stack ?? String(error));
		print(engine.logs(20));
	}

	const left = await engine.end();
	say(left.length === 0, `nothing is left behind${left.map(text => `: ${text}`).join('')}`);
	installation.remove();
	const failed = results.filter(ok => !ok).length;
	print(`${results.length - failed} passed, ${failed} failed`);
	return failed === 0;
}

process.exit((await main()) ? 0 : 1);
