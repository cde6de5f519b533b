import {expect, test} from 'vitest';
import type {ApiRequest, KubeClient} from '../../../../source/backends/k8s/client.ts';
import {applyTaints} from '../../../../source/backends/k8s/write/write-node.ts';
import type {TaintChange} from '../../../../source/core/backend.ts';

// `KEY=VALUE:EFFECT` for each that a node has, and afterwards.
async function changed(had: string, changes: readonly TaintChange[]): Promise<string> {
	const taints = had.split(' ').map(text => {
		const [, key = '', value, effect = ''] = /^(\w+)(?:=(\w+))?:(\w+)$/.exec(text) ?? [];
		return {key, effect, ...(value === undefined ? {} : {value})};
	});
	let written: typeof taints = [];
	const client = {
		json: async () => ({metadata: {name: 'n1', resourceVersion: '7'}, spec: {taints}}),
		async text({body}: ApiRequest) {
			written = JSON.parse(body?.text ?? '').spec.taints;
		},
	} as unknown as KubeClient;
	await applyTaints(client, 'n1', changes);
	return written.map(({key, value, effect}) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`).join(' ');
}

const had = 'gpu=a:NoSchedule gpu=b:NoExecute other:NoSchedule';

function check(what: string, changes: readonly TaintChange[], expected: string) {
	test(what, async () => {
		expect(await changed(had, changes)).toBe(expected);
	});
}

check(
	'one of the same key and effect is replaced',
	[{set: {key: 'gpu', value: 'c', effect: 'NoExecute'}}],
	'gpu=a:NoSchedule other:NoSchedule gpu=c:NoExecute',
);
check('another effect comes beside', [{set: {key: 'other', value: '', effect: 'NoExecute'}}], `${had} other:NoExecute`);
check('one of a key is taken away', [{remove: {key: 'gpu', effect: 'NoSchedule'}}], 'gpu=b:NoExecute other:NoSchedule');
check('all of a key are taken away', [{remove: {key: 'gpu'}}], 'other:NoSchedule');

test('what is not there cannot be taken away', async () => {
	await expect(changed(had, [{remove: {key: 'other', effect: 'NoExecute'}}])).rejects.toMatchObject({
		code: 'not-found',
		message: 'n1 has no taint other:NoExecute',
	});
});
