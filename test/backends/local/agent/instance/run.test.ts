import {spawn} from 'node:child_process';
import {expect, onTestFinished, test} from 'vitest';
import {mainPid} from '../../../../../source/backends/local/agent/instance/run.ts';
import {childrenOf} from '../../../../../source/backends/local/system/proc.ts';
import {readCommandLine} from '../../../../../source/backends/local/system/process-identity.ts';
import type {Assignment} from '../../../../../source/orchestrator/fleet.ts';
import {until} from '../../../../helpers/agent-rig.ts';

// It was the process that mounts, which was gone a moment later.
test('the own process of an instance with processes of its own is none of those that mount before it starts', async () => {
	const unshare = '/bin/sh -c "$SHELL_SCRIPT"; :';
	const shim = spawn('/bin/sh', ['-c', '/bin/sh -c "$UNSHARE"; :'], {
		detached: true,
		stdio: 'ignore',
		env: {UNSHARE: unshare, SHELL_SCRIPT: 'sleep 61; trap : HUP; (exec sleep 62); exit $?'},
	});
	onTestFinished(() => void process.kill(-(shim.pid ?? 0), 'SIGKILL'));
	const find = () => {
		const supervised = {identity: {pid: shim.pid}} as never;
		return mainPid({supervised}, {template: {isolation: ['own-processes']}} as unknown as Assignment);
	};
	const within = () => [1, 2, 3].reduce<number | undefined>(pid => childrenOf(pid ?? 0)[0], shim.pid);
	const mounting = await until(within, pid => pid !== undefined && readCommandLine(pid)[0] === 'sleep');
	expect(find()).toBeUndefined();
	process.kill(mounting as number, 'SIGKILL');
	const own = await until(find, pid => pid !== undefined);
	expect(own).not.toBe(mounting);
});
