import {expect, test} from 'vitest';
import type {ExecOptions} from '../../../source/core/backend.ts';
import {ClusterError} from '../../../source/core/error.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** What is typed behind `s` on an instance of several containers → in which a shell is opened. */
function check(
	keys: readonly string[],
	expected: readonly unknown[],
	names: readonly string[] = ['app', 'log', 'mesh'],
) {
	test(`s ${keys.join(' ')} of ${names.join(' ')}`, async () => {
		const asked: unknown[] = [];
		const exec = async (_: unknown, {container}: ExecOptions) => {
			asked.push(container);
			throw new ClusterError('failed', 'seen');
		};
		const {services, instances} = readCluster('node n1 · service web replicas 1 · instance web.1 on n1 running');
		const containers = {ready: names.length, total: names.length, ...(names.length > 1 && {names})};
		const pods = instances.map(one => ({...one, containers}));
		const harness = await openUi([], {cluster: createScriptedCluster([...services, ...pods], {exec} as never)});
		harness.press('enter', 's');
		if (names.length > 1) expect(harness.message).toMatch(/^Shell in which container of web\.1: .*app, or log, mesh/);
		harness.press(...keys);
		await harness.advance(1);
		expect(asked).toEqual(expected);
	});
}

check(['enter'], ['app']);
check(['m', 'enter'], ['mesh']);
check([...'log', 'enter'], ['log']);
check(['x', 'enter'], []);
check(['esc'], []);
check([], [undefined], ['app']);
