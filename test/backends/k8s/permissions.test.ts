import {expect, test} from 'vitest';
import type {ApiRequest, KubeClient} from '../../../source/backends/k8s/client.ts';
import {createPermissions} from '../../../source/backends/k8s/permissions.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';

/** A server that allows what it is told to allow. */
function server() {
	const asked: string[] = [];
	const allowed = new Set<string>();
	let isAway = false;
	let told = 0;
	const clock = createManualClock();
	const json = async ({body}: ApiRequest) => {
		const {spec} = JSON.parse(body?.text ?? '');
		const {verb, group, resource, subresource = '', namespace = ''} = spec.resourceAttributes;
		const words = [verb, `${resource}${subresource && `/${subresource}`}`, group, namespace];
		const question = words.filter(word => word !== '').join(' ');
		asked.push(question);
		if (isAway) throw new Error('away');
		return {status: {allowed: allowed.has(question)}};
	};
	const permissions = createPermissions({json} as unknown as KubeClient, {
		namespace: 'shop',
		clock,
		typeOf: id => (id === 'set' ? 'statefulset' : id === 'job' ? 'cronjob' : undefined),
	});
	permissions.subscribe(() => told++);
	return {
		permissions,
		asked,
		allowed,
		clock,
		told: () => told,
		away(value: boolean) {
			isAway = value;
		},
	};
}

test('the same question is asked once in five minutes, and its answer told', async () => {
	const {permissions, asked, clock, allowed, told} = server();
	const ask = () => permissions.refusal('instance.rm', {id: 'a'});
	for (let count = 0; count < 100; count++) expect(ask()).toBeUndefined();
	await settle();
	expect([ask(), asked, told()]).toEqual(['You may not delete pods in shop.', ['delete pods shop'], 1]);
	clock.advance(4 * 60_000);
	ask();
	await settle();
	expect(asked).toHaveLength(1);
	allowed.add('delete pods shop');
	clock.advance(60_001);
	ask();
	await settle();
	expect([ask(), asked.length, told()]).toEqual([undefined, 2, 2]);
});

test.each<[string, string, string | undefined]>([
	['service.scale', 'set', 'patch statefulsets/scale apps shop'],
	['service.update', 'set', 'patch statefulsets apps shop'],
	['service.rm', 'job', 'delete cronjobs batch shop'],
	['service.rm', 'unknown', undefined],
	['node.drain', 'n1', 'patch nodes'],
	['secret.edit', 'x', 'update secrets shop'],
	['image.add', 'x', undefined],
])('%s of %s asks: %s', async (action, id, question) => {
	const {permissions, asked} = server();
	permissions.refusal(action, {id});
	await settle();
	expect(asked).toEqual(question === undefined ? [] : [question]);
});

test('no more than four questions are on their way at once, and who does not answer refuses nothing', async () => {
	const {permissions, asked, away, clock} = server();
	away(true);
	for (let count = 0; count < 10; count++) permissions.refusal('instance.rm', {id: 'a', scope: `n${count}`});
	expect(asked).toHaveLength(4);
	await settle();
	await settle();
	expect(asked).toHaveLength(10);
	expect(permissions.refusal('instance.rm', {id: 'a', scope: 'n1'})).toBeUndefined();
	away(false);
	clock.advance(15_001);
	permissions.refusal('instance.rm', {id: 'a', scope: 'n1'});
	await settle();
	expect(permissions.refusal('instance.rm', {id: 'a', scope: 'n1'})).toMatch(/You may not/);
});

test('of any other kind it is asked in its own group and namespace, or in none', async () => {
	const {permissions, asked} = server();
	permissions.refusal('resource.rm', {id: 'a', scope: 'web', type: 'ingresses.networking.k8s.io'});
	permissions.refusal('resource.label', {id: 'b', type: 'storageclasses.storage.k8s.io'});
	permissions.refusal('resource.rm', {id: 'c', scope: 'web', type: 'pods'});
	await settle();
	expect(asked).toEqual([
		'delete ingresses networking.k8s.io web',
		'patch storageclasses storage.k8s.io',
		'delete pods web',
	]);
});
