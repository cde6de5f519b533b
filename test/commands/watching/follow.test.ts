import {expect, test} from 'vitest';
import {type FollowOptions, follow} from '../../../source/commands/watching/follow.ts';
import type {Change} from '../../../source/core/backend.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';

test('what was missed while the engine was away comes as changes, and nothing else', async () => {
	const [web, api, batch] = readCluster('service web · service api · service batch').services;
	if (!web || !api || !batch) throw new Error('the text has three services');
	const cluster = createScriptedCluster([web, api]);
	const clock = createManualClock();
	const stop = new AbortController();
	const options: FollowOptions = {signal: stop.signal, clock};
	const seen: string[] = [];
	const text = (change: Change<'service'>) =>
		change.type === 'put' ? `+${change.object.name}` : change.type === 'remove' ? `-${change.id}` : change.type;
	const following = (async () => {
		for await (const {items, changes} of follow(cluster, {kind: 'service'}, options)) {
			seen.push(`${changes.map(text).join(' ')} (${items.size})`);
		}
	})();
	await settle();
	cluster.disconnect();
	await settle();
	cluster.drop(api.id);
	cluster.put(batch);
	await settle();
	clock.advance(250);
	await settle();
	cluster.connect();
	clock.advance(250);
	await settle();
	cluster.put({...web, removing: true});
	await settle();
	stop.abort();
	await following;
	expect(seen).toEqual(['+web +api (2)', `-${api.id} +batch (2)`, '+web (2)']);
});
