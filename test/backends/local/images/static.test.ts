import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {get, type IncomingMessage} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {freePort, until} from '../../../helpers/tcp.ts';

const server = path.join(import.meta.dirname, '../../../../images/static/server.cjs');

type Where = {readonly port: number; readonly host: string} | {readonly socketPath: string};

/** The status of what is served there; undefined: nobody answers. */
async function statusOf(where: Where): Promise<number | undefined> {
	try {
		const [response] = (await once(get({...where, path: '/', agent: false}), 'response')) as [IncomingMessage];
		response.resume();
		return response.statusCode;
	} catch {
		return undefined;
	}
}

test('answers at its port and at its socket', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	const socketPath = path.join(folder, 's');
	const port = await freePort();
	const env = {PORT: String(port), MUSTER_SOCKET: socketPath};
	const child = spawn(process.execPath, [server], {cwd: path.dirname(server), env, stdio: 'ignore'});
	onTestFinished(() => {
		child.kill('SIGKILL');
		rmSync(folder, {recursive: true});
	});
	await until(async () => (await statusOf({port, host: '127.0.0.1'})) === 200);
	expect(await statusOf({socketPath})).toBe(200);
});
