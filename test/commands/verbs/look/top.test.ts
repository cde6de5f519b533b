import {expect, test} from 'vitest';
import {readCluster} from '../../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../../helpers/scripted-cluster.ts';
import {run} from '../../run.ts';

const cluster = `
	node n1 cpus 8 memory 16GiB uses cpus 2 uses memory 4GiB · node n2 cpus 4 memory 8GiB uses cpus 3 uses memory 1GiB · node n3 cpus 4
	service web replicas 2 · service api · service pods
	instance web.1 on n1 running uses cpus 0.5 uses memory 1GiB · instance web.2 on n2 running uses cpus 1.5 uses memory 512MiB
	instance web.3 on n2 failed · instance api.1 on n1 running · instance pods.1 on n1 running uses cpus 0.02
`;

function check(line: string, expected: string): void {
	test(line, async () => {
		const {stdout, stderr} = await run(line, {cluster});
		const lines = `${stdout}${stderr}`.trimEnd().split('\n');
		expect(lines.map(one => one.trimEnd()).join('\n')).toBe(expected.trim().replaceAll(/^\t+/gm, ''));
	});
}

check(
	'top',
	`NAME    NODE  STATE      CPU   MEMORY  RESTARTS  PID
	web.2   n2    running  150 %  512 MiB         0    -
	web.1   n1    running   50 %    1 GiB         0    -
	pods.1  n1    running  2.0 %        -         0    -
	api.1   n1    running      -        -         0    -`,
);
check(
	'top --sort memory web',
	`NAME   NODE  STATE      CPU   MEMORY  RESTARTS  PID
	web.1  n1    running   50 %    1 GiB         0    -
	web.2  n2    running  150 %  512 MiB         0    -`,
);
check(
	'top nodes',
	`NAME  STATUS  INSTANCES    CPU  OF CPUS  MEMORY  OF MEMORY
	n2    ready           1  300 %     75 %   1 GiB       13 %
	n1    ready           3  200 %     25 %   4 GiB       25 %
	n3    ready           0      -        -       -          -`,
);
check(
	'top node n3 n1 --no-headers',
	`n1  ready  3  200 %  25 %  4 GiB  25 %
	n3  ready  0      -     -      -     -`,
);
check('top instances web.1 --no-headers', 'web.1  n1  running  50 %  1 GiB  0  -');
// A service of this name is there.
check('top pods --no-headers', 'pods.1  n1  running  2.0 %  -  0  -');
check('top node nope', 'muster top: There is no node "nope".\nmuster node ls shows what there is');
check('top wob', 'muster top: There is no service "wob".\nDid you mean web?');

test('of several namespaces, which one', async () => {
	const {instances} = readCluster('service web · instance web.1 running · instance web.2 running');
	const scoped = instances.map((one, index) => ({...one, scope: ['shop', 'blog'][index] ?? ''}));
	const {stdout} = await run('top', {open: async () => createScriptedCluster(scoped)});
	expect(stdout).toMatch(/^NAMESPACE +NAME[\s\S]*shop +web.1[\s\S]*blog +web.2/);
});
