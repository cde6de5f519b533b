import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {parseEndpoint} from '../../../source/backends/swarm/connection/endpoint.ts';
import {openSwarm} from '../../../source/backends/swarm/open.ts';
import {until} from '../../helpers/local-engine.ts';
import {freePort} from '../../helpers/tcp.ts';
import {liveSwarm, type SwarmNode, whyNoSwarm} from './live-swarm.ts';

// By ssh, with a real sshd of this machine's loopback and the settings that a user would have.

const sshd = '/usr/sbin/sshd';
const reason = whyNoSwarm() ?? (existsSync(sshd) ? undefined : 'no sshd is installed here');
vi.setConfig({testTimeout: 30_000});

describe.skipIf(reason !== undefined)(`ssh${reason === undefined ? '' : ` (${reason})`}`, () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'mssh-'));
	const inFolder = (name: string) => path.join(folder, name);
	const pathBefore = process.env.PATH;
	let server: ReturnType<typeof spawn>;
	let port = 0;

	beforeAll(async () => {
		port = await freePort();
		for (const name of ['host', 'user', 'other']) {
			execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', inFolder(name)]);
		}

		writeFileSync(
			inFolder('sshd_config'),
			`Port ${port}\nListenAddress 127.0.0.1\nHostKey ${inFolder('host')}\nAuthorizedKeysFile ${inFolder('user.pub')}\n` +
				'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nStrictModes no\nUsePAM no\n' +
				`PidFile ${inFolder('pid')}\n`,
		);
		mkdirSync('/run/sshd', {recursive: true});
		server = spawn(sshd, ['-D', '-f', inFolder('sshd_config'), '-E', inFolder('log')], {stdio: 'ignore'});
		await until(
			async () => existsSync(inFolder('pid')) && readFileSync(inFolder('log'), 'utf8').includes('listening'),
			Boolean,
			10_000,
		);
		// ssh finds a user's settings by the system's list of users, not by HOME.
		mkdirSync(inFolder('bin'));
		writeFileSync(inFolder('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${inFolder('config')} "$@"\n`);
		chmodSync(inFolder('bin/ssh'), 0o755);
		process.env.PATH = `${inFolder('bin')}:${pathBefore}`;
	});

	afterAll(() => {
		process.env.PATH = pathBefore;
		server?.kill();
		rmSync(folder, {recursive: true, force: true});
	});

	/** A user whose key is this, and who knows the host by that. */
	async function asked({key, known}: {key: string; known: string | undefined}): Promise<string> {
		const knownHosts =
			known === undefined ? '' : `[127.0.0.1]:${port} ${readFileSync(inFolder(`${known}.pub`), 'utf8')}`;
		writeFileSync(inFolder('known'), knownHosts);
		writeFileSync(
			inFolder('config'),
			`Host swarmhost\nHostName 127.0.0.1\nPort ${port}\nUser ${userInfo().username}\nIdentityFile ${inFolder(key)}\n` +
				`IdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile ${inFolder('known')}\nGlobalKnownHostsFile /dev/null\n`,
		);
		const {socket} = liveSwarm().nodes[0] as SwarmNode;
		try {
			const backend = await openSwarm({
				name: 'swarm:ssh',
				endpoints: [parseEndpoint(`ssh://swarmhost${socket}`, 'the test')],
			});
			const {items} = await backend.list({kind: 'node'}).finally(() => backend.close());
			return items.map(({name}) => name).join(' ');
		} catch (thrown) {
			const {message, hint} = thrown as {message: string; hint?: string};
			return `${message}\n${hint}`;
		}
	}

	test('leads to the engine, by the name and the settings that ssh knows', async () => {
		const names = liveSwarm().nodes.map(({name}) => name);
		expect((await asked({key: 'user', known: 'host'})).split(' ').toSorted()).toEqual(names);
	});

	test('a host that is not known, is another one, or refuses the login is told so', async () => {
		expect(await asked({key: 'user', known: undefined})).toMatch(/its host key is not known\.\n.*ssh swarmhost/);
		expect(await asked({key: 'user', known: 'other'})).toMatch(
			/another host key than the one that is known\.\n.*ssh-keygen -R/,
		);
		expect(await asked({key: 'other', known: 'host'})).toMatch(/it refuses the login \(publickey\)\.\n.*ssh-add/);
	});
});
