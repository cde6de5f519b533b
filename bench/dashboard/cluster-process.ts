// A cluster that is only told of, in a process of its own: `cluster-process.ts HOME INSTANCES CHANGES_PER_SECOND LINES_PER_SECOND`.
// It listens where a daemon would and speaks its protocol, so that what is measured beside it is the real program alone.
// Writes `ready` when it can be asked, and ends with its input.
import {mkdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {homeOf} from '../../source/backends/local/home.ts';
import type {LogLine, LogQuery, Query} from '../../source/core/backend.ts';
import type {Instance, Kind} from '../../source/core/model/index.ts';
import {sumUsage} from '../../source/core/pulse/usage-sums.ts';
import {listJson, sumsAnswer} from '../../source/daemon/api/json-cache.ts';
import {createApiServer} from '../../source/daemon/api/server.ts';
import {watchLines} from '../../source/daemon/api/watch.ts';
import {aNode, anInstance, aService} from '../../test/helpers/objects.ts';
import {createScriptedCluster} from '../../test/helpers/scripted-cluster.ts';

const [folder = '', ...figures] = process.argv.slice(2);
const [count = 0, changesPerSecond = 0, linesPerSecond = 0] = figures.map(Number);
const perService = 100;
const nodeCount = 100;
const now = Date.now();
const tickMs = 20;
/** As a daemon does for a stream that is quiet. */
const bookmarkMs = 5000;

function instance(index: number): Instance {
	const service = `svc-${String(Math.floor(index / perService)).padStart(4, '0')}`;
	const node = `n${index % nodeCount}`;
	return anInstance(`${service}.${(index % perService) + 1}`, {
		createdAt: now - 3_600_000 - index * 1000,
		nodeId: `${node}-id`,
		nodeName: node,
		usage: {cpus: 0.1, memoryBytes: 50_000_000, at: now},
		status: {
			state: 'running',
			at: now,
			health: 'healthy',
			pid: index + 1,
			endpoints: [{target: 80, host: '127.0.0.1', port: 20_000 + (index % 10_000)}],
		},
	});
}

const instances = Array.from({length: count}, (_, index) => instance(index));
const services = Array.from({length: Math.ceil(count / perService)}, (_, index) =>
	aService(`svc-${String(index).padStart(4, '0')}`, {
		createdAt: now - 7_200_000,
		status: {desired: perService, running: perService, healthy: perService, completed: 0, ports: []},
	}),
);
const nodes = Array.from({length: nodeCount}, (_, index) =>
	aNode(`n${index}`, {createdAt: now - 7_200_000, usage: {cpus: 2, memoryBytes: 2 ** 31, at: now}}),
);
const cluster = createScriptedCluster([...services, ...nodes, ...instances]);

/** Instances all over the cluster, one in ten of them unwell. */
function change(): void {
	let next = 0;
	setInterval(() => {
		for (let made = 0; made < (changesPerSecond * tickMs) / 1000; made++) {
			next = (next + 7919) % count;
			const object = instances[next];
			if (object !== undefined) {
				const health = made % 10 === 0 ? 'unhealthy' : 'healthy';
				const usage = {cpus: Math.random(), memoryBytes: 5e7, at: Date.now()};
				cluster.put({...object, usage, status: {...object.status, health}});
			}
		}
	}, tickMs);
}

/** So many lines a second, of all instances that were asked for in turn. */
async function* logs({instanceIds}: LogQuery, signal: AbortSignal): AsyncGenerator<string> {
	const startedAt = Date.now();
	for (let written = 0; !signal.aborted; ) {
		const due = ((Date.now() - startedAt) * linesPerSecond) / 1000;
		for (; written < due; written++) {
			const instanceId = instanceIds[written % instanceIds.length] ?? '';
			const line: LogLine = {
				instanceId,
				instanceName: instanceId.replace(/-id$/, ''),
				at: Date.now(),
				stream: written % 50 === 0 ? 'stderr' : 'stdout',
				text: `line ${written} GET /api/items/${written % 9973} 200 ${written % 97} ms`,
			};
			yield JSON.stringify(line);
		}

		await pause(5, undefined, {signal}).catch(() => {});
	}
}

async function* watch(query: Query<Kind>, since: string, signal: AbortSignal): AsyncGenerator<string> {
	const changes = watchLines(cluster, query, since, signal)[Symbol.asyncIterator]();
	const later = () => pause(bookmarkMs, undefined, {signal, ref: false}).catch(() => undefined);
	let next = changes.next();
	let quiet = later();
	while (!signal.aborted) {
		const found = await Promise.race([next, quiet]);
		if (found === undefined) {
			quiet = later();
			yield JSON.stringify({type: 'bookmark', revision: since});
		} else if (found.done) {
			return;
		} else {
			next = changes.next();
			yield found.value;
		}
	}
}

const home = homeOf({MUSTER_HOME: folder}, {temporary: tmpdir(), cwd: folder});
mkdirSync(path.dirname(home.socket), {recursive: true, mode: 0o700});
const server = createApiServer({
	answers: {
		'GET /v1/version': () => ({version: 'bench', pid: process.pid, startedAt: now, home: home.root}),
		'GET /v1/list': async ({query}) => {
			const {items, revision} = await cluster.list(query as Query<Kind>);
			return listJson(items, revision, () => undefined);
		},
		'GET /v1/health': () => [],
		'GET /v1/usage-sums': async () => {
			const {items} = await cluster.list({kind: 'instance'});
			return sumsAnswer(sumUsage(items));
		},
	},
	lines: {
		'GET /v1/watch': ({query, since = ''}, signal) => watch(query as Query<Kind>, since, signal),
		'GET /v1/logs': ({query}, signal) => logs(query as LogQuery, signal),
	},
	upgrades: {},
});
server.listen(home.socket, () => {
	// Written out once before it is asked: a daemon has its objects' JSON at hand, too.
	listJson(instances, '0', () => undefined);
	if (changesPerSecond > 0) change();
	process.stdout.write('ready\n');
});
process.stdin.resume().on('end', () => process.exit(0));
