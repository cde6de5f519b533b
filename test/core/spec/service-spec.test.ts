import {describe, expect, test} from 'vitest';
import type {Patch} from '../../../source/core/backend.ts';
import type {NodeSpec, ServiceSpec} from '../../../source/core/model/index.ts';
import {nodeSpec} from '../../../source/core/spec/node-spec.ts';
import {checkName, checkNodeSpec, checkServiceSpec, serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {deepFreeze} from '../../../source/orchestrator/store/freeze.ts';

function lines(problems: ReadonlyArray<{path: string; message: string}>): string[] {
	return problems.map(({path, message}) => `${path} ${message}`);
}

/** JSON as a patch of whatever type: what comes over the wire. */
function given<T>(json: string): Patch<T> {
	return deepFreeze(JSON.parse(json));
}

describe('serviceSpec', () => {
	test('fills in the defaults', () => {
		expect(serviceSpec({template: {image: 'nodejs'}})).toMatchInlineSnapshot(`
			{
			  "canary": 0,
			  "forceUpdate": 0,
			  "labels": {},
			  "maxConcurrent": 0,
			  "mode": "replicated",
			  "paused": false,
			  "placement": {
			    "constraints": [],
			    "maxReplicasPerNode": 0,
			    "preferences": [],
			  },
			  "ports": [],
			  "replicas": 1,
			  "restart": {
			    "condition": "any",
			    "delayMs": 0,
			    "maxAttempts": 0,
			    "windowMs": 300000,
			  },
			  "rollback": {
			    "delayMs": 0,
			    "failureAction": "pause",
			    "maxFailureRatio": 0,
			    "monitorMs": 5000,
			    "order": "stop-first",
			    "parallelism": 1,
			  },
			  "template": {
			    "command": [],
			    "env": {},
			    "image": "nodejs",
			    "limit": {},
			    "openStdin": false,
			    "reserve": {
			      "cpus": 0,
			      "memoryBytes": 0,
			    },
			    "stopGraceMs": 10000,
			    "stopSignal": "SIGTERM",
			    "tty": false,
			  },
			  "update": {
			    "delayMs": 0,
			    "failureAction": "pause",
			    "maxFailureRatio": 0,
			    "monitorMs": 5000,
			    "order": "stop-first",
			    "parallelism": 1,
			  },
			}
		`);
	});

	function check(name: string, patch: string, expected: Patch<ServiceSpec>, base?: string): void {
		test(name, () => {
			const before = base === undefined ? undefined : serviceSpec(given(base));
			expect(serviceSpec(given(patch), before)).toMatchObject(expected);
		});
	}

	check('a job on each node has no replicas', '{"mode":"job","perNode":true}', {replicas: 0, perNode: true});
	check('a global service has no replicas', '{"mode":"global"}', {replicas: 0, restart: {condition: 'any'}});
	check('a job ends', '{"mode":"job"}', {replicas: 1, restart: {condition: 'on-failure'}});
	check('a port is TCP', '{"ports":[{"published":0,"target":80}]}', {
		ports: [{published: 0, target: 80, protocol: 'tcp'}],
	});
	check('a health check has intervals', '{"template":{"health":{"test":{"type":"tcp"}}}}', {
		template: {health: {test: {type: 'tcp'}, intervalMs: 10_000, timeoutMs: 5000, retries: 3, startPeriodMs: 0}},
	});
	check('a patch keeps the rest', '{"replicas":3}', {labels: {a: 'b'}, replicas: 3}, '{"labels":{"a":"b"}}');

	test('one type of health check patched into another leaves nothing behind', () => {
		const http = serviceSpec(
			given('{"template":{"image":"x","health":{"test":{"type":"http","path":"/up","port":81}}}}'),
		);
		const tcp = serviceSpec(given('{"template":{"health":{"test":{"type":"tcp"}}}}'), http);
		expect(tcp.template.health?.test).toStrictEqual({type: 'tcp', port: 81});
		expect(lines(checkServiceSpec(tcp))).toStrictEqual([]);
	});
});

describe('checkServiceSpec', () => {
	function check(name: string, patch: string, ...expected: string[]): void {
		test(name, () => {
			const base = serviceSpec({template: {image: 'nodejs'}});
			expect(lines(checkServiceSpec(deepFreeze(serviceSpec(given(patch), base))))).toStrictEqual(expected);
		});
	}

	check('lets a plain one pass', '{}');
	check(
		'lets a full one pass',
		`{"replicas":100,"labels":{"tier":"front","app.kubernetes.io/name":"x"},
		"template":{"command":["-c","echo\\nhi"],"env":{"A_b.c":"1=2"},"user":"1000:1000","workdir":"/tmp","stopSignal":"SIGINT",
		"health":{"test":{"type":"command","command":["true"]}},"reserve":{"cpus":0.5,"memoryBytes":1048576},
		"limit":{"cpus":0.5,"memoryBytes":2097152}},"ports":[{"published":0,"target":80},{"published":0,"target":81},
		{"published":8080,"target":80},{"published":8080,"target":80,"host":"::1"}],
		"placement":{"constraints":["node.name==n1"],"preferences":["spread=node.labels.zone"],"maxReplicasPerNode":2}}`,
	);
	check(
		'lets attachments pass',
		`{"template":{"networks":[{"network":"back","aliases":["db"]}],"mounts":[{"type":"volume","source":"data","target":"/data",
		"perSlot":true},{"type":"tmpfs","target":"cache","sizeBytes":65536}],"configs":[{"source":"a.conf","mode":292,"onChange":"SIGHUP"}],
		"secrets":[{"source":"key","target":"/etc/key","version":2,"onChange":"none"}]}}`,
	);
	check(
		'mounts: each type has its own',
		`{"template":{"mounts":[{"type":"bind","source":"data","target":"/a"},{"type":"tmpfs","source":"data","target":"/b"},
		{"type":"bind","source":"/x","target":"/../c","perSlot":true}]}}`,
		'spec.template.mounts[0].source must be a path that begins with "/", without ".." of at most 4096 characters, found "data"',
		'spec.template.mounts[1].source must be left out of a tmpfs, found "data"',
		'spec.template.mounts[2].target must be a path without "..", from "/" or below the working folder of at most 4096 characters, found "/../c"',
	);
	check(
		'secrets: two in one place',
		'{"template":{"secrets":[{"source":"a","target":"x"},{"source":"x"}]}}',
		'spec.template.secrets[1].target names the target "x" a second time',
	);
	check(
		'an image is needed',
		'{"template":{"image":""}}',
		'spec.template.image must be the name of an image or executable of at most 4096 characters, found ""',
	);
	check('replicas: negative', '{"replicas":-1}', 'spec.replicas must be a whole number from 0 to 100000, found -1');
	check('replicas: broken', '{"replicas":1.5}', 'spec.replicas must be a whole number from 0 to 100000, found 1.5');
	// `--stop-grace-period` was told that it must be from 0 to 86400000, without a word on what.
	check(
		'a time: too long',
		'{"template":{"image":"a","stopGraceMs":86400001}}',
		'spec.template.stopGraceMs must be a whole number of milliseconds from 0 to 86400000 (0s to 24h), found 86400001',
	);
	check('replicas: text', '{"replicas":"3"}', 'spec.replicas must be a whole number from 0 to 100000, found "3"');
	check('replicas: gone', '{"replicas":null}', 'spec.replicas must be a whole number from 0 to 100000, found nothing');
	check('mode: unknown', '{"mode":"daemon"}', 'spec.mode must be one of replicated, global, job, found "daemon"');
	check(
		'unknown members',
		'{"replica":3,"template":{"cmd":[]}}',
		'spec.template has an unknown member "cmd"; known are image, command, env, user, workdir, tty, openStdin, stopSignal, stopGraceMs, health, reserve, limit, networks, mounts, configs, secrets, isolation, container',
		'spec has an unknown member "replica"; known are mode, replicas, perNode, maxConcurrent, labels, template, ports, endpointMode, placement, restart, update, rollback, paused, canary, autoscale, forceUpdate',
	);
	check(
		'a member of that name in the prototype',
		'{"template":{"user":null,"constructor":1}}',
		'spec.template has an unknown member "constructor"; known are image, command, env, user, workdir, tty, openStdin, stopSignal, stopGraceMs, health, reserve, limit, networks, mounts, configs, secrets, isolation, container',
	);
	check(
		'a job on each node with replicas',
		'{"mode":"job","perNode":true,"replicas":2,"restart":{"condition":"none"}}',
		'spec.replicas must be 0 for a job that runs once on each node, found 2',
	);
	check(
		'a job on each node, so many at a time',
		'{"mode":"job","perNode":true,"replicas":0,"maxConcurrent":2,"restart":{"condition":"none"}}',
		'spec.maxConcurrent must be 0 for a job that runs once on each node, found 2',
	);
	check(
		'on each node, and no job',
		'{"mode":"global","perNode":true,"replicas":0}',
		'spec.perNode must be false for a global service: only jobs have it, found true',
	);
	check(
		'global with replicas',
		'{"mode":"global","replicas":2}',
		'spec.replicas must be 0 for a global service, which runs one on each node, found 2',
	);
	check(
		'a job that is always restarted',
		'{"mode":"job"}',
		'spec.restart.condition must be on-failure or none for a job, which is to end, found "any"',
	);
	check(
		'concurrency of a service',
		'{"maxConcurrent":2}',
		'spec.maxConcurrent must be 0 for a replicated service: only jobs have it, found 2',
	);
	check(
		'a ratio above one',
		'{"update":{"maxFailureRatio":2}}',
		'spec.update.maxFailureRatio must be a number from 0 to 1, found 2',
	);
	check(
		'a rollback that rolls back',
		'{"rollback":{"failureAction":"rollback"}}',
		'spec.rollback.failureAction must be one of pause, continue, found "rollback"',
	);
	check(
		'canaries of a job',
		'{"mode":"job","restart":{"condition":"none"},"canary":1}',
		'spec.canary must be 0 for a job, which runs anew when it is changed, found 1',
	);
	check(
		'a published port too high',
		'{"ports":[{"published":65536,"target":80}]}',
		'spec.ports[0].published must be a whole number from 0 to 65535, found 65536',
	);
	check(
		'a target of 0',
		'{"ports":[{"published":1,"target":0}]}',
		'spec.ports[0].target must be a whole number from 1 to 65535, found 0',
	);
	check(
		'a hostile host',
		'{"ports":[{"published":1,"target":1,"host":"a b"}]}',
		'spec.ports[0].host must be a host name or address of at most 255 characters, found "a b"',
	);
	check(
		'a port twice',
		'{"ports":[{"published":80,"target":80},{"published":80,"target":81}]}',
		'spec.ports[1] publishes port 80 a second time',
	);
	check(
		'a limit below the reservation',
		'{"template":{"reserve":{"cpus":2},"limit":{"cpus":1}}}',
		'spec.template.limit.cpus must be at least what spec.template.reserve.cpus says, 2, found 1',
	);
	check(
		'a negative reservation',
		'{"template":{"reserve":{"cpus":-2}}}',
		'spec.template.reserve.cpus must be a number from 0 to 1000000, found -2',
	);
	check(
		'a variable with =',
		'{"template":{"env":{"A=B":"1"}}}',
		'spec.template.env has the key "A=B", but a key must be a variable name without "=" and control characters, other than MUSTER_HOME and MUSTER_INSTANCE',
	);
	check(
		'a variable that muster sets',
		'{"template":{"env":{"MUSTER_HOME":"/"}}}',
		'spec.template.env has the key "MUSTER_HOME", but a key must be a variable name without "=" and control characters, other than MUSTER_HOME and MUSTER_INSTANCE',
	);
	check(
		'a NUL',
		'{"template":{"command":["a\\u0000b"]}}',
		'spec.template.command[0] must be text of at most 131071 characters without NUL, found "a<0>b"',
	);
	check(
		'a control sequence in a label key',
		'{"labels":{"\\u001b[31mred":"x"}}',
		'spec.labels has the key "red", but a key must be letters, digits and "._/-", at most 255 characters, beginning and ending with a letter or digit',
	);
	check(
		'a label that is no text',
		'{"labels":{"a":1}}',
		'spec.labels.a must be text of at most 4096 characters without NUL, found 1',
	);
	check(
		'a health check of no type',
		'{"template":{"health":{"intervalMs":1000}}}',
		'spec.template.health.test.type must be one of command, http, tcp, found nothing',
	);
	check(
		'a health path without /',
		'{"template":{"health":{"test":{"type":"http","path":"up"}}}}',
		'spec.template.health.test.path must be a path that begins with "/" without spaces of at most 2048 characters, found "up"',
	);
	check(
		'a health command of nothing',
		'{"template":{"health":{"test":{"type":"command","command":[]}}}}',
		'spec.template.health.test.command must have at least one entry, found none',
	);
	check(
		'a signal that is none',
		'{"template":{"stopSignal":"SIGFOO"}}',
		'spec.template.stopSignal must be one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGKILL, SIGUSR1, SIGUSR2, SIGABRT, SIGALRM, SIGWINCH, found "SIGFOO"',
	);
	check(
		'a folder that is not absolute',
		'{"template":{"workdir":"tmp"}}',
		'spec.template.workdir must be a path that begins with "/" of at most 4096 characters, found "tmp"',
	);
	check(
		'a constraint of no form',
		'{"placement":{"constraints":["node.name==n1","zone a"]}}',
		'spec.placement.constraints[1] cannot be used: constraint "zone a" has neither == nor !=: allowed is node.id, node.name, node.hostname, node.role or node.labels.KEY, then == or != and a value',
	);
	check(
		'a preference of no form',
		'{"placement":{"preferences":["pack"]}}',
		'spec.placement.preferences[0] cannot be used: placement preference "pack" is not of the form spread=node.labels.KEY, the only one allowed',
	);
	check('what is no object', '{"placement":[]}', 'spec.placement must be an object, found a list');
	check('what is no list', '{"ports":{}}', 'spec.ports must be a list, found an object');
	check(
		'all at once',
		'{"replicas":-1,"maxConcurrent":-1}',
		'spec.replicas must be a whole number from 0 to 100000, found -1',
		'spec.maxConcurrent must be a whole number from 0 to 100000, found -1',
	);

	test('a long value is cut in the message', () => {
		const [problem] = checkServiceSpec({...serviceSpec({template: {image: 'x'}}), mode: 'x'.repeat(1000)});
		expect(problem?.message.length).toBeLessThan(120);
	});

	test('in all it has a limit', () => {
		const command = Array.from({length: 20}, () => 'x'.repeat(100_000));
		expect(lines(checkServiceSpec(serviceSpec({template: {image: 'x', command}})))[0]).toMatch(
			/^spec must have at most 1048576 characters as JSON, found 20\d+$/,
		);
	});

	test.each([
		'null',
		'[]',
		'"x"',
		'{"ports":[null]}',
		'{"ports":[[]]}',
		'{"ports":1}',
		'{"template":null}',
		'{"template":[]}',
		'{"template":{"health":1}}',
		'{"template":{"health":{"test":null}}}',
		'{"template":{"health":{"test":{"type":7}}}}',
		'{"mode":{}}',
	])('%s is completed as far as it goes, and refused', json => {
		const base = serviceSpec({template: {image: 'nodejs'}});
		expect(checkServiceSpec(serviceSpec(given(json))).length).toBeGreaterThan(0);
		expect(checkServiceSpec(serviceSpec(given(json), base)).length).toBeGreaterThan(0);
	});

	test.each([undefined, null, 1, 'x', []])('%j is no spec', value => {
		expect(checkServiceSpec(value)[0]?.message).toMatch(/^must be an object, found/);
	});
});

describe('checkName', () => {
	function check(name: string, isAllowed: boolean): void {
		test(`${JSON.stringify(name.slice(0, 20))} is ${isAllowed ? 'a name' : 'refused'}`, () => {
			expect(checkName(name).length).toBe(isAllowed ? 0 : 1);
		});
	}

	check('web', true);
	check('web-2', true);
	check('3', true);
	check('a'.repeat(63), true);
	check('a'.repeat(64), false);
	check('', false);
	check('-web', false);
	check('web-', false);
	check('Web', false);
	check('web.1', false);
	check('we b', false);
	check('web\n', false);
	check('../x', false);
	check('\u001b[31mred', false);
	check('__proto__', false);
});

describe('checkNodeSpec', () => {
	function check(name: string, patch: string, ...expected: string[]): void {
		test(name, () => {
			expect(lines(checkNodeSpec(nodeSpec(given<NodeSpec>(patch))))).toStrictEqual(expected);
		});
	}

	check('lets a plain one pass', '{}');
	check(
		'lets a full one pass',
		'{"availability":"drained","labels":{"zone":"a"},"capacity":{"cpus":0.5,"memoryBytes":1073741824},"drainDeadlineAt":1}',
	);
	check(
		'an availability that is only observed',
		'{"availability":"draining"}',
		'spec.availability must be one of active, cordoned, drained, found "draining"',
	);
	check(
		'a capacity of nothing',
		'{"capacity":{"cpus":0}}',
		'spec.capacity.cpus must be a number from 0.001 to 1000000, found 0',
	);
	check(
		'unknown members',
		'{"name":"x"}',
		'spec has an unknown member "name"; known are availability, labels, capacity, drainDeadlineAt, drainOrder, role',
	);
});
