import {expect, test} from 'vitest';
import {taintNode} from '../../../source/actions/node/taint-node.ts';
import {toClusterError} from '../../../source/core/error.ts';

test.each([
	['gpu=yes:NoSchedule', 'gpu=yes:NoSchedule'],
	['gpu:NoExecute', 'gpu:NoExecute'],
	['example.com/gpu=:PreferNoSchedule', 'example.com/gpu:PreferNoSchedule'],
	['gpu-', 'gpu-'],
	['a-b-', 'a-b-'],
	['a-b:NoSchedule', 'a-b:NoSchedule'],
	['gpu', 'usage'],
	['gpu=yes', 'usage'],
	['gpu:Never', 'usage'],
	['gpu:NoSchedule-', 'gpu:NoSchedule-'],
	['gpu=yes:NoSchedule-', 'gpu:NoSchedule-'],
	['gpu=yes-', 'usage'],
	['gpu:Never-', 'usage'],
	['', 'usage'],
	['a b:NoSchedule', 'usage'],
])('%s', (text, expected) => {
	const {taints} = taintNode.fields;
	let found: string | undefined;
	try {
		found = taints.format?.(taints.parse(text));
	} catch (error) {
		found = toClusterError(error).code;
	}

	expect(found).toBe(expected);
});
