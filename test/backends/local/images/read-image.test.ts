import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {readImage} from '../../../../source/backends/local/images/read-image.ts';

function imageFolder(yaml: string, name = 'app'): string {
	const parent = mkdtempSync(path.join(tmpdir(), 'muster-image-'));
	onTestFinished(() => rmSync(parent, {recursive: true}));
	const folder = path.join(parent, name);
	mkdirSync(folder);
	writeFileSync(path.join(folder, 'image.yaml'), yaml);
	return folder;
}

/** What an image.yaml is read as, or what is said against it; the folder is `app`. */
function check(name: string, yaml: string, expected: object | string): void {
	test(name, async () => {
		const folder = imageFolder(yaml);
		const found = await readImage(folder, 'added').then(
			({command, env, port, socket, health, description}) => ({command, env, port, socket, health, description}),
			error => `${error.code}: ${error.message.replaceAll(folder, 'app')}`,
		);
		if (typeof expected === 'string') expect(found).toBe(expected);
		else expect(found).toMatchObject(expected);
	});
}

const health = {intervalMs: 10_000, timeoutMs: 5000, retries: 3, startPeriodMs: 0};

check('the least', 'command: [sh, run.sh]', {command: ['sh', 'run.sh'], env: {}, port: undefined, health: undefined});
check(
	'everything',
	`
description: An example
command: [node, server.cjs]
env: {MODE: fast, SIZE: 5, TRACE: true}
port: 8080
socket: true
health: {http: /health, port: 81, interval: 5s, timeout: 500ms, start_period: 1m30s, retries: 2}
`,
	{
		description: 'An example',
		command: ['node', 'server.cjs'],
		env: {MODE: 'fast', SIZE: '5', TRACE: 'true'},
		port: 8080,
		socket: true,
		health: {
			test: {type: 'http', path: '/health', port: 81},
			intervalMs: 5000,
			timeoutMs: 500,
			retries: 2,
			startPeriodMs: 90_000,
		},
	},
);
check('health by a connection', 'command: [a]\nhealth: {tcp: true}', {health: {test: {type: 'tcp'}, ...health}});
check('health by a command', 'command: [a]\nhealth: {command: [b, c]}', {
	health: {test: {type: 'command', command: ['b', 'c']}, ...health},
});
check('an env without entries', 'command: [a]\nenv:\n', {env: {}});

check('no socket', 'command: [a]\nport: 80\nsocket: false', {port: 80, socket: undefined});
check(
	'a socket without a port',
	'command: [a]\nsocket: true',
	'usage: app/image.yaml: socket needs a port beside it: the socket answers as that does',
);
check('no command', 'port: 80', 'usage: app/image.yaml: command must be a list, found nothing');
check(
	'an empty command',
	'command: []',
	'usage: app/image.yaml: command must be a list of at least one word, found a list',
);
check('a command as text', 'command: sh run.sh', 'usage: app/image.yaml: command must be a list, found "sh run.sh"');
check(
	'an unknown key',
	'command: [a]\nports: [80]',
	'usage: app/image.yaml has an unknown member "ports"; known are description, command, env, port, socket, health',
);
check(
	'an unknown key within',
	'command: [a]\nhealth: {tcp: true, every: 5s}',
	'usage: app/image.yaml: health has an unknown member "every"; known are http, tcp, command, port, interval, timeout, start_period, retries',
);
check(
	'each problem has a line',
	'command: [a]\nport: 70000\nenv: {MUSTER_HOME: x}',
	`usage: app/image.yaml: env has the key "MUSTER_HOME", but a key must be a variable name without "=" and blanks, other than MUSTER_HOME and MUSTER_INSTANCE
app/image.yaml: port must be a whole number from 1 to 65535, found 70000`,
);
check(
	'two kinds of health',
	'command: [a]\nhealth: {tcp: true, http: /}',
	'usage: app/image.yaml: health must have one of http, tcp and command, found http and tcp',
);
check(
	'no kind of health',
	'command: [a]\nhealth: {interval: 5s}',
	'usage: app/image.yaml: health must have one of http, tcp and command, found none',
);
check(
	'a duration without unit',
	'command: [a]\nhealth: {tcp: true, interval: 5}',
	'usage: app/image.yaml: health.interval must be a duration from 100ms to 24h such as 500ms or 1m30s, found 5',
);
check(
	'a duration beyond its limits',
	'command: [a]\nhealth: {tcp: true, timeout: 2h}',
	'usage: app/image.yaml: health.timeout must be a duration from 10ms to 1h, found "2h"',
);
check('a list', '- a', 'usage: app/image.yaml must be an object, found a list');
check('nothing', '', 'usage: app/image.yaml must be an object, found null');
check(
	'a key twice',
	'command: [a]\ncommand: [b]',
	'usage: app/image.yaml is no YAML: Map keys must be unique at line 2, column 1',
);
check(
	'no YAML',
	'command: [a',
	'usage: app/image.yaml is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 12',
);
check(
	'what is too long',
	`command: [a]\n# ${'x'.repeat(70_000)}`,
	'usage: app/image.yaml has 70015 bytes, allowed are 65536',
);

test('the name is the folder and must be one', async () => {
	expect(await readImage(imageFolder('command: [a]', 'web-2'), 'added')).toMatchObject({id: 'web-2', name: 'web-2'});
	await expect(readImage(imageFolder('command: [a]', 'Web_2'), 'added')).rejects.toThrow(
		/Web_2: its name must be a name of a-z/,
	);
});

test('a folder without image.yaml', async () => {
	await expect(readImage('/nonexistent/app', 'added')).rejects.toMatchObject({
		code: 'not-found',
		message: 'There is no /nonexistent/app/image.yaml.',
	});
});
