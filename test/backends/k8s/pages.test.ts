import {expect, test} from 'vitest';
import type {ApiRequest, KubeClient} from '../../../source/backends/k8s/client.ts';
import {listResource, type Resource} from '../../../source/backends/k8s/reading/resources.ts';
import type {WireObject} from '../../../source/backends/k8s/wire/wire.ts';

const boats: Resource<WireObject, string> = {
	...{api: '/apis/example.org/v1', plural: 'boats', namespaced: true},
	keep: ({metadata}) => metadata.name,
};

/** How many are asked for in each of three pages. */
function check(name: string, {isNear, isWatched}: {isNear: boolean; isWatched: boolean}, expected: string): void {
	test(name, async () => {
		const asked: string[] = [];
		const client = {
			isNear,
			async json({path}: ApiRequest) {
				asked.push(new URLSearchParams(path.split('?')[1]).get('limit') ?? '');
				const name = `b${asked.length}`;
				const next = asked.length < 3 ? {continue: 'more'} : {};
				return {metadata: {resourceVersion: '7', ...next}, items: [{metadata: {uid: name, name}}]};
			},
		} as unknown as KubeClient;
		const arrived: string[] = [];
		const told = (part: ReadonlyArray<readonly [string, string]>) => arrived.push(...part.map(([, kept]) => kept));
		const {items, revision} = await listResource(client, boats, '/boats', {
			signal: undefined,
			arrived: isWatched ? told : undefined,
		});
		expect([[...items.values()].join(), revision]).toEqual(['b1,b2,b3', '7']);
		expect(arrived.join()).toBe(isWatched ? 'b1,b2,b3' : '');
		expect(asked.join()).toBe(expected);
	});
}

check('nobody looks on: few large pages', {isNear: true, isWatched: false}, '5000,5000,5000');
check('a server far away: the beginning comes alone', {isNear: false, isWatched: true}, '500,5000,5000');
check('a server on this machine: it never writes much at once', {isNear: true, isWatched: true}, '500,500,500');
