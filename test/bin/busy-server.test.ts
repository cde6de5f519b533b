import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {expect, onTestFinished, test} from 'vitest';

const project = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

// While it waited nothing was open: the command ended at once, with 0, and had done nothing.
test('a command waits for a server that is busy', async () => {
	let asked = 0;
	const server = createServer((_, response) => {
		asked++;
		if (asked <= 2) {
			response.writeHead(429, {'Retry-After': '1', Connection: 'close'}).end('{}');
		} else {
			response.writeHead(200, {'Content-Type': 'application/json'}).end('{"items": []}');
		}
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-busy-'));
	onTestFinished(() => {
		server.close();
		rmSync(folder, {recursive: true});
	});
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const config = {
		...{apiVersion: 'v1', kind: 'Config', 'current-context': 'busy', users: [{name: 'ann', user: {token: 'x'}}]},
		contexts: [{name: 'busy', context: {cluster: 'busy', user: 'ann'}}],
		clusters: [{name: 'busy', cluster: {server: `http://127.0.0.1:${port}`}}],
	};
	writeFileSync(path.join(folder, 'config'), JSON.stringify(config));
	const env = {...process.env, KUBECONFIG: path.join(folder, 'config'), MUSTER_HOME: folder};
	const words = [path.join(project, 'bin/muster'), '-c', 'k8s:busy', 'resource', 'types', '-o', 'json'];
	expect((await run('sh', words, {env})).stdout).toBe('[]\n');
});
