import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, get} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {homeOf} from '../../../source/backends/local/home.ts';
import {removeLeftContainers, watchLostContainers} from '../../../source/daemon/leftovers/lost-containers.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import {until} from '../../helpers/local-engine.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {anInstance} from '../../helpers/objects.ts';

test('containers of what has ended, or is not known, are removed: at once, and as long as there are containers', async () => {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-lost-'));
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	const socket = path.join(root, 'docker.sock');
	const held = new Set(['runs', 'ended', 'unknown']);
	const asked: string[] = [];
	const docker = createServer(({method, url = ''}, answer) => {
		if (method === 'GET') {
			asked.push(new URL(url, 'http://docker').searchParams.get('filters') ?? '');
			answer.end(JSON.stringify([...held].map(id => ({Labels: {'muster.instance': id}}))));
		} else {
			held.delete(/muster-(\w+)\?/.exec(url)?.[1] ?? '');
			answer.writeHead(204).end();
		}
	}).listen(socket);
	await once(docker, 'listening');
	const store = createMemoryStore();
	const put = (id: string, state: 'running' | 'failed', image: string) => {
		const instance = anInstance(`web.${id}`, {image});
		const status = {...instance.status, state};
		store.transact(false, 0, tx => tx.put('instance', {...instance, id, status}));
	};
	put('runs', 'running', 'exec:/bin/sh');
	put('ended', 'failed', 'exec:/bin/sh');
	const clock = createManualClock();
	const end = watchLostContainers(home, store, clock, {DOCKER_HOST: `unix://${socket}`});
	onTestFinished(() => {
		end();
		docker.close();
		rmSync(root, {recursive: true});
	});
	await until(() => held.size === 1);
	expect([...held]).toEqual(['runs']);
	expect(asked).toEqual([JSON.stringify({label: [`muster.home=${home.root}`]})]);

	const minute = async () => {
		await new Promise(resolve => setImmediate(resolve));
		clock.advance(60_000);
		await new Promise(resolve => setImmediate(resolve));
	};
	for (let minutes = 0; minutes < 5; minutes++) await minute();
	expect(asked).toHaveLength(1);
	put('runs', 'failed', 'docker:web');
	await until(async () => {
		await minute();
		return held.size === 0;
	});

	held.add('kept');
	await removeLeftContainers(home, store, {DOCKER_HOST: `unix://${socket}`});
	expect([...held]).toEqual([]);
});

test('a look that is under way when it is ended is the last one', async () => {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-lost-'));
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	const socket = path.join(root, 'docker.sock');
	let asked = 0;
	const docker = createServer((_, answer) => {
		asked++;
		answer.end('[]');
	}).listen(socket);
	await once(docker, 'listening');
	const store = createMemoryStore();
	store.transact(false, 0, tx => tx.put('instance', anInstance('web.1', {image: 'docker:web'})));
	const clock = createManualClock();
	watchLostContainers(home, store, clock, {DOCKER_HOST: `unix://${socket}`})();
	await until(() => asked === 1);
	// Its connection has ended: it has been answered.
	docker.close();
	await once(docker, 'close');
	await once(docker.listen(socket), 'listening');
	clock.advance(120_000);
	await once(get({socketPath: socket, agent: false}), 'response');
	expect(asked).toBe(2);
	docker.close();
	rmSync(root, {recursive: true});
});
