import {expect, test} from 'vitest';
import {stackLabel} from '../../../../source/core/stacks.ts';
import {aService} from '../../../helpers/objects.ts';
import {createScriptedCluster} from '../../../helpers/scripted-cluster.ts';
import {run} from '../../run.ts';

test('what of a stack is no longer in its file is named, without what a terminal would act on', async () => {
	const old = aService('shop-\u001b[31mold');
	const labelled = {...old, spec: {...old.spec, labels: {[stackLabel]: 'shop'}}};
	const files = {'/home/ann/compose.yaml': 'name: shop\nservices: {web: {image: i, deploy: {replicas: 0}}}'};
	const {stderr, code} = await run('stack apply --dry-run', {
		open: async () => createScriptedCluster([labelled]),
		files,
	});
	expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
		...[0, 'no longer in the file, and left: shop-old; --prune removes them'],
	]);
});
