import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {createContexts} from '../../source/commands/contexts.ts';
import {unitText} from '../../source/commands/user-unit.ts';
import {toClusterError} from '../../source/core/error.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-contexts-'));
});
afterAll(() => {
	rmSync(folder, {recursive: true});
});

const contexts = (fromEnv?: string) => createContexts({config: path.join(folder, 'config'), fromEnv, endpoint: '/s'});

function choose(asked: {context?: string; backend?: string}, fromEnv?: string): string {
	try {
		return contexts(fromEnv).choose(asked);
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
	[{backend: 'local'}, 'other', 'local'],
	[{backend: 'swarm'}, undefined, 'unsupported: this version of muster has no engine for swarm: local is the only one'],
	[{backend: 'nomad'}, undefined, 'usage: --backend: "nomad" is not one of local, swarm, k8s, mesos'],
	[{context: 'k8s:dev'}, undefined, 'unsupported: this version of muster has no engine for k8s: local is the only one'],
	[{context: 'local', backend: 'local'}, undefined, 'usage: --context and --backend do not go together'],
])('%j with MUSTER_CONTEXT=%s', (asked, fromEnv, expected) => {
	expect(choose(asked, fromEnv)).toBe(expected);
});

test('what was chosen is kept, for its owner only', () => {
	contexts().use('k8s:dev');
	expect(contexts().named({})).toBe('k8s:dev');
	expect(contexts('local').named({})).toBe('local');
	expect(statSync(path.join(folder, 'config/context')).mode & 0o777).toBe(0o600);
	contexts().use('local');
	expect(contexts().choose({})).toBe('local');
});

test('a unit for systemd says whatever a path holds', () => {
	const unit = unitText({
		program: ['/opt/no de/node', '/opt/100%/dist/muster'],
		musterHome: '/home/a"b\\c$d',
		env: {PATH: '/bin'},
		platform: 'linux',
	});
	expect(unit).toContain('ExecStart="/opt/no de/node" "/opt/100%%/dist/muster" "daemon"\n');
	expect(unit).toContain('Environment="MUSTER_HOME=/home/a\\"b\\\\c$$d"\n');
	expect(unit).toContain('KillMode=process\n');
});
