import {expect, test} from 'vitest';
import type {Usage} from '../../../source/core/model/index.ts';
import {nodeUsage, shareOf, sumUsage} from '../../../source/core/pulse/usage-sums.ts';
import {anInstance} from '../../helpers/objects.ts';

function instance(name: string, node: string | undefined, usage?: Partial<Usage>) {
	return anInstance(name, {
		...(node === undefined ? {} : {nodeId: node}),
		...(usage === undefined ? {} : {usage: {at: 1, ...usage}}),
	});
}

test('figures are added by service and by node; the slowest answers for all', () => {
	const {services, nodes} = sumUsage([
		instance('web.1', 'n1', {cpus: 0.5, requestsPerSecond: 10, errorsPerSecond: 1, latencyP99Ms: 40}),
		instance('web.2', 'n2', {cpus: 0.25, requestsPerSecond: 5, latencyP99Ms: 70}),
		instance('db.1', 'n1', {memoryBytes: 7}),
	]);
	expect(services.get('web-id')).toEqual({
		at: 1,
		measured: 2,
		cpus: 0.75,
		requestsPerSecond: 15,
		errorsPerSecond: 1,
		latencyP99Ms: 70,
	});
	expect(nodes.get('n1')).toMatchObject({measured: 2, cpus: 0.5, memoryBytes: 7, requestsPerSecond: 10});
});

test('what nobody measured is absent, and not zero', () => {
	const {services, nodes} = sumUsage([instance('web.1', 'n1'), instance('db.1', undefined, {cpus: 0})]);
	expect(services.has('web-id')).toBe(false);
	expect(services.get('db-id')).toEqual({at: 1, measured: 1, cpus: 0});
	expect(nodes.size).toBe(0);
});

test('what one of several containers may use goes with the sum', () => {
	const bounds = {limit: {memoryBytes: 9}, reserve: {cpus: 1, memoryBytes: 3}};
	const web = {...instance('web.1', 'n1', {cpus: 1}), bounds};
	expect(sumUsage([web, instance('web.2', 'n1', {cpus: 1})]).services.get('web-id')).toMatchObject({
		measured: 2,
		bounds,
	});
});

test('a node tells of its CPU, its instances of their requests', () => {
	const own = {at: 5, cpus: 3};
	const sums = {at: 4, measured: 2, cpus: 1, requestsPerSecond: 12};
	expect(nodeUsage(own, sums)).toEqual({at: 5, cpus: 3, requestsPerSecond: 12});
	expect(nodeUsage(own, undefined)).toBe(own);
	expect(nodeUsage(undefined, sums)).toBe(undefined);
	expect(nodeUsage({at: 5, requestsPerSecond: 99}, sums)).toMatchObject({requestsPerSecond: 99});
});

test.each([
	[1, 4, 0.25],
	[0, 4, 0],
	[undefined, 4, undefined],
	[1, undefined, undefined],
	[1, 0, undefined],
] as const)('%s of %s', (used, whole, expected) => {
	expect(shareOf(used, whole)).toBe(expected);
});
