import {expect, test} from 'vitest';
import type {Rollout, Service} from '../../../../source/core/model/index.ts';
import {readCluster} from '../../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../../helpers/scripted-cluster.ts';
import {run} from '../../run.ts';

async function status(cluster: string): Promise<string> {
	const {code, stdout, stderr} = await run('rollout status --timeout 20ms web', {cluster});
	return `${code} ${stdout}${stderr}`.trim();
}

test('what is as asked has no update under way', async () => {
	const cluster = 'at 60s · node n1 · service web version 4 replicas 1 · instance web.1 on n1 running version 4 at 10s';
	expect(await status(cluster)).toBe('0 web: version 4, no update under way');
});

test('the first version, too, is waited for until all of it is ready', async () => {
	const cluster = 'at 60s · node n1 · service web version 1 replicas 1 · instance web.1 on n1 starting version 1';
	expect(await status(cluster)).toMatch(/^7 muster rollout status: Not reached within 20ms: web: 0 of 1/);
});

test('an engine that has given an update up is not waited for', async () => {
	const cluster = 'at 60s · node n1 · service web kind deployment replicas 2 version 3 updating';
	const {code, stderr} = await run('rollout status web', {
		cluster,
		async open() {
			const [web] = readCluster(cluster).services;
			const rollout = {...(web?.rollout as Rollout), message: 'it has timed out progressing'};
			return createScriptedCluster([{...(web as Service), rollout}]);
		},
	});
	expect([code, stderr]).toEqual([
		1,
		'muster rollout status: web: updating to version 3, 0 of 2: it has timed out progressing.\n',
	]);
});
