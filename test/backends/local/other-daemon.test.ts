import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {homeOf} from '../../../source/backends/local/home.ts';
import {openLocal} from '../../../source/backends/local/index.ts';
import {protocolLevel, protocolVersion} from '../../../source/backends/local/protocol.ts';
import {kinds} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {routeRoles} from '../../../source/daemon/access/route-roles.ts';

let folder: string;
let server: Server | undefined;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-other-'));
});

afterEach(() => {
	server?.closeAllConnections();
	server?.close();
	rmSync(folder, {recursive: true, force: true});
});

/** A daemon that says of itself what is given, and refuses all else in its words. */
async function open(version: object, error: object) {
	const home = homeOf({MUSTER_HOME: folder}, {temporary: folder, cwd: folder});
	mkdirSync(home.run, {recursive: true});
	server = createServer(({url}, response) => {
		const [status, body] = url === '/v1/version' ? [200, version] : [400, {error}];
		response.writeHead(status, {'content-type': 'application/json', 'muster-protocol': protocolVersion});
		response.end(JSON.stringify(body));
	});
	await new Promise<void>(resolve => server?.listen(home.socket, resolve));
	return openLocal({home, cwd: folder, path: '', autoStart: false});
}

const old = {version: '0.0.9', pid: 1, startedAt: 1, home: '/'};
const recent = {...old, level: protocolLevel};
const foreign = 'query.kind must be one of service, instance, found "network".';
const cannot = 'the daemon is of an older muster (0.0.9) and cannot do this: ';

test.each([
	['a kind', old, {code: 'usage', message: foreign}, {code: 'unsupported', message: `${cannot}${foreign}`}],
	[
		'a member',
		old,
		{code: 'usage', message: 'spec has an unknown member "isolation"; known are env.'},
		{code: 'unsupported', hint: expect.stringContaining('muster daemon upgrade')},
	],
	[
		'a route',
		old,
		{code: 'unsupported', message: 'The daemon does not know GET /v1/x.'},
		{code: 'unsupported', message: expect.stringContaining(cannot)},
	],
	[
		'what is wrong everywhere',
		old,
		{code: 'usage', message: 'replicas: must be at least 0'},
		{code: 'usage', message: 'replicas: must be at least 0'},
	],
	['the same of one that is as new', recent, {code: 'usage', message: foreign}, {code: 'usage', message: foreign}],
	[
		'the same of one that is newer',
		{...old, level: 99, more: true},
		{code: 'usage', message: foreign},
		{code: 'usage', message: foreign},
	],
	['a code of later', {...old, level: 99}, {code: 'too-late', message: 'x'}, {code: 'failed', message: 'x'}],
] as const)('refused by a daemon: %s', async (_, version, error, expected) => {
	const backend = await open(version, error);
	await expect(backend.list({kind: 'network'})).rejects.toMatchObject(expected);
	backend.close();
});

// Where this differs, something was added: raise `protocolLevel`, and write down here what it stands for.
test('what is spoken is what its level says', () => {
	const spec = serviceSpec({template: {image: 'x'}});
	expect({
		level: protocolLevel,
		kinds,
		routes: Object.keys(routeRoles).toSorted(),
		spec: [...Object.keys(spec), ...Object.keys(spec.template).map(name => `template.${name}`)].toSorted(),
	}).toMatchInlineSnapshot(`
		{
		  "kinds": [
		    "service",
		    "instance",
		    "node",
		    "image",
		    "network",
		    "volume",
		    "config",
		    "secret",
		    "pool",
		    "event",
		  ],
		  "level": 2,
		  "routes": [
		    "GET /metrics",
		    "GET /v1/access",
		    "GET /v1/attach",
		    "GET /v1/connect",
		    "GET /v1/exec",
		    "GET /v1/health",
		    "GET /v1/history",
		    "GET /v1/list",
		    "GET /v1/logs",
		    "GET /v1/metrics",
		    "GET /v1/usage-sums",
		    "GET /v1/version",
		    "GET /v1/watch",
		    "POST /v1/access/grant",
		    "POST /v1/access/listen",
		    "POST /v1/access/revoke",
		    "POST /v1/access/rotate",
		    "POST /v1/apply",
		    "POST /v1/fail-node",
		    "POST /v1/images",
		    "POST /v1/kill",
		    "POST /v1/metrics/listen",
		    "POST /v1/move",
		    "POST /v1/remove",
		    "POST /v1/stop",
		  ],
		  "spec": [
		    "canary",
		    "forceUpdate",
		    "labels",
		    "maxConcurrent",
		    "mode",
		    "paused",
		    "placement",
		    "ports",
		    "replicas",
		    "restart",
		    "rollback",
		    "template",
		    "template.command",
		    "template.env",
		    "template.image",
		    "template.limit",
		    "template.openStdin",
		    "template.reserve",
		    "template.stopGraceMs",
		    "template.stopSignal",
		    "template.tty",
		    "update",
		  ],
		}
	`);
});
