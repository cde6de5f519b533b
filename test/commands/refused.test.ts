import {expect, test} from 'vitest';
import type {Backend} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {run} from './run.ts';

/** Somebody who may see neither services nor nodes types a line → the beginning of what is said, and the exit code. */
async function asGuest(line: string): Promise<string> {
	const {services, instances, nodes} = readCluster(
		'node n1 ready · service web replicas 1 · instance web.1 on n1 running',
	);
	const cluster = createScriptedCluster([...services, ...instances, ...nodes], {
		async *logs() {
			yield {at: 0, instanceId: instances[0]?.id ?? '', instanceName: 'web.1', stream: 'stdout', text: 'hello'};
		},
	});
	const guest: Backend = {
		...cluster,
		list: async (query, ...more) => {
			if (query.kind === 'service' || query.kind === 'node')
				throw new ClusterError('not-allowed', `${query.kind}s: you may not list them`);
			return cluster.list(query, ...more);
		},
	};
	const {code, stdout, stderr} = await run(line, {open: async () => guest});
	return `${`${stdout}${stderr}`.split('\n')[0]} [${code}]`;
}

// It was refused, since services are looked at, too.
test.each([
	['logs web.1', 'web.1 | hello [0]'],
	['explain web.1', 'instance web.1 [0]'],
])('%s needs no more', async (line, said) => {
	expect(await asGuest(line)).toBe(said);
});

// There was no service of that name, and whoever waited for its end was told that it is gone.
test.each([
	['logs api', 'muster logs: services: you may not list them. [6]'],
	['explain', 'muster explain: services: you may not list them. [6]'],
	['rollout status web', 'muster rollout status: services: you may not list them. [6]'],
	['wait service web --for removed', 'muster wait: services: you may not list them. [6]'],
])('%s says what may not be seen', async (line, said) => {
	expect((await asGuest(line)).toLowerCase()).toBe(said);
});
