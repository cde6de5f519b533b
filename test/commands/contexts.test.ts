import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {unitText} from '../../source/cli/user-unit.ts';
import {createContexts} from '../../source/commands/contexts.ts';
import type {ContextEntry} from '../../source/core/context.ts';
import {toClusterError} from '../../source/core/error.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-contexts-'));
});
afterAll(() => {
	rmSync(folder, {recursive: true});
});

const found: readonly ContextEntry[] = [
	{name: 'swarm:default', engine: 'swarm', endpoint: 'unix:///var/run/docker.sock'},
	{name: 'swarm:prod', engine: 'swarm', endpoint: 'ssh://m1', current: true},
	{name: 'swarm:test', engine: 'swarm', endpoint: 'ssh://t1'},
	{name: 'other:test', engine: 'other', endpoint: 'https://t'},
	{name: 'lost:a', engine: 'lost', endpoint: 'https://a'},
	{name: 'lost:b', engine: 'lost', endpoint: 'https://b'},
];

const contexts = (fromEnv?: string) =>
	createContexts({
		config: path.join(folder, 'config'),
		fromEnv,
		endpoint: '/s',
		engines: ['local', 'swarm', 'other', 'empty', 'lost'],
		discover: async engine => found.filter(entry => engine === undefined || entry.engine === engine),
	});

async function choose(asked: {context?: string; backend?: string}, fromEnv?: string): Promise<string> {
	try {
		return await contexts(fromEnv).choose(asked);
	} catch (error) {
		const {code, message} = toClusterError(error);
		return `${code}: ${message}`;
	}
}

test.each<[{context?: string; backend?: string}, string | undefined, string]>([
	[{}, undefined, 'local'],
	[{}, '', 'local'],
	[{context: 'local'}, 'other', 'local'],
	[{}, 'other', 'not-found: there is no context "other"'],
	[{}, 'prod', 'swarm:prod'],
	[{context: 'test'}, undefined, 'not-found: there is no context "test"'],
	[{context: 'swarm:unheard-of'}, undefined, 'swarm:unheard-of'],
	[{context: 'swarm'}, undefined, 'not-found: there is no context "swarm"'],
	[{context: 'local:x'}, undefined, 'not-found: there is no context "local:x"'],
	[{backend: 'swarm'}, undefined, 'swarm:prod'],
	[{backend: 'other'}, undefined, 'other:test'],
	[{backend: 'empty'}, undefined, 'not-found: no context of empty was found'],
	// The first of several was taken where the current one had been removed: who drains a node there drains another cluster's.
	[{backend: 'lost'}, undefined, 'not-found: no context of lost is the current one: name one by --context'],
	[{backend: 'local'}, 'other', 'local'],
	[
		{backend: 'mesos'},
		undefined,
		'unsupported: this version of muster has no engine for mesos: there are local, swarm, other, empty, lost',
	],
	[
		{backend: 'nomad'},
		undefined,
		'usage: --backend: "nomad" is not one of local, swarm, other, empty, lost, k8s, mesos',
	],
	[
		{context: 'k8s:dev'},
		undefined,
		'unsupported: this version of muster has no engine for k8s: there are local, swarm, other, empty, lost',
	],
	[{context: 'local', backend: 'local'}, undefined, 'usage: --context and --backend do not go together'],
])('%j with MUSTER_CONTEXT=%s', async (asked, fromEnv, expected) => {
	expect(await choose(asked, fromEnv)).toBe(expected);
});

// `context use k8s:typo` was kept, and every later command failed.
test.each([
	['local', 'local'],
	['prod', 'swarm:prod'],
	['swarm:prod', 'swarm:prod'],
	['swarm:prd', 'not-found: there is no context "swarm:prd"'],
	['swarm:', 'not-found: there is no context "swarm:"'],
	['k8s:x', 'unsupported: this version of muster has no engine for k8s: there are local, swarm, other, empty, lost'],
])('%s is to be kept for later commands', async (name, expected) => {
	const said = await contexts()
		.find(name)
		.catch((error: unknown) => {
			const {code, message} = toClusterError(error);
			return `${code}: ${message}`;
		});
	expect(said).toBe(expected);
});

test('what was chosen is kept, for its owner only', async () => {
	contexts().use('k8s:dev');
	expect(await contexts().named({})).toBe('k8s:dev');
	expect(await contexts('local').named({})).toBe('local');
	expect(statSync(path.join(folder, 'config/context')).mode & 0o777).toBe(0o600);
	contexts().use('local');
	expect(await contexts().choose({})).toBe('local');
});

test('a unit for systemd says whatever a path holds', () => {
	const unit = unitText({
		command: ['/opt/no de/node', '/opt/100%/$dist/muster', 'daemon'],
		musterHome: '/home/a"b\\c$d',
		env: {PATH: '/bin'},
	});
	expect(unit).toContain('ExecStart="/opt/no de/node" "/opt/100%%/$$dist/muster" "daemon"\n');
	expect(unit).toContain('Environment="MUSTER_HOME=/home/a\\"b\\\\c$d"\n');
	expect(unit).toContain('KillMode=process\n');
});
