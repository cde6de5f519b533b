import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, test} from 'vitest';

const run = promisify(execFile);
const program = path.join(import.meta.dirname, 'loaded-modules-process.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'muster-loaded-'));
let server: Server;
let origin = '';

/** It has nothing: every list is empty, in JSON as in protocol buffers. */
beforeAll(async () => {
	server = createServer(({headers}, answer) => {
		const isJson = headers.accept === 'application/json';
		answer.end(isJson ? '{"metadata":{"resourceVersion":"1"},"items":[]}' : emptyList);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
	rmSync(folder, {recursive: true, force: true});
	await new Promise(resolve => server.close(resolve));
});

/** `k8s`, NUL, and an envelope around a list of which only the revision is there. */
const emptyList = Buffer.from('6b3873001205' + '0a03' + '120131', 'hex');

async function loaded(user: string, kinds: readonly string[]): Promise<{packages: string[]; said: string[]}> {
	const file = path.join(folder, 'config');
	writeFileSync(
		file,
		`apiVersion: v1
clusters:
- cluster:
    server: ${origin}
  name: c
contexts:
- context:
    cluster: c
    user: u
  name: x
current-context: x
users:
- name: u
  user:
${user}
`,
	);
	const {stdout} = await run(process.execPath, [program, ...kinds], {env: {...process.env, KUBECONFIG: file}});
	return JSON.parse(stdout);
}

function check(title: string, user: string, kinds: readonly string[], expected: readonly string[]): void {
	test(title, {timeout: 60_000}, async () => {
		const {packages, said} = await loaded(user, kinds);
		expect(packages.filter(name => expected.includes(name) || name === '@kubernetes/client-node')).toEqual(expected);
		if (expected.length === 0) expect({packages, said}).toEqual({packages: [], said: []});
	});
}

const everything = ['service', 'instance', 'node', 'event'];
check('no package is loaded to read a cluster by a token', '    token: abc', everything, []);
check('a kubeconfig that is written in an unusual way loads a parser', "    token: 'a''b'", ['node'], ['yaml']);
check(
	'nor to run a credential plugin',
	`    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: /bin/echo
      args:
      - '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
      interactiveMode: Never`,
	['node'],
	[],
);
