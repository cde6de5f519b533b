import {expect, test} from 'vitest';
import {feeds} from '../../../../source/backends/k8s/reading/feeds.ts';
import type {PartItems} from '../../../../source/backends/k8s/reading/parts.ts';
import type {InstanceState} from '../../../../source/core/instance-state.ts';
import {anInstance} from '../../../helpers/objects.ts';

/** Whether a list of pods that does not ask for history has one of this state and owner. */
function check(state: InstanceState, ownerKind: string | undefined, expected: boolean): void {
	test(`${state}, of ${ownerKind ?? 'nobody'}: ${expected ? 'listed' : 'history'}`, () => {
		const instance = anInstance('web.1', {desired: 'stopped', status: {...anInstance('web.1').status, state}});
		const items = {pods: new Map([[instance.id, {ownerKind}]])} as unknown as PartItems;
		expect(feeds.instance?.matches?.(instance, {kind: 'instance'}, items)).toBe(expected);
		expect(feeds.instance?.matches?.(instance, {kind: 'instance', history: true}, items)).toBe(true);
	});
}

// On its way out, with a grace period, or because somebody holds it.
check('running', 'ReplicaSet', true);
check('unknown', 'StatefulSet', true);
// Evicted, and replaced.
check('failed', 'ReplicaSet', false);
// Nothing comes in their place: their logs are what is left.
check('completed', 'Job', true);
check('failed', 'Job', true);
check('completed', undefined, true);
