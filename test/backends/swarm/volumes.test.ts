import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import {run} from '../../commands/run.ts';
import {until} from './engine-use.ts';
import {docker, dockerOn, liveSwarm, openFirst, whyNoSwarm} from './live-swarm.ts';

// A volume belongs to its node's engine: those of all of them are one list.

vi.setConfig({testTimeout: 90_000, hookTimeout: 90_000});

const reason = whyNoSwarm();

describe.skipIf(reason !== undefined)(`volumes of a swarm${reason === undefined ? '' : ` (${reason})`}`, () => {
	let backend: Backend;
	beforeAll(async () => {
		backend = await openFirst();
	});
	afterAll(() => backend?.close());

	test('volumes are those of all nodes, made and removed where it is said', async () => {
		const [, second] = liveSwarm().nodes;
		if (second === undefined) throw new Error('there is one node only');
		const onNode = async (name: string) =>
			(await backend.list({kind: 'volume', name})).items.map(({id, nodeName}) => `${id} on ${nodeName}`).sort();
		await backend.apply({kind: 'volume', name: 'spread'}, {node: 'node2', labels: {a: 'b'}}, {create: true});
		expect(await dockerOn(second, 'volume', 'inspect', 'spread', '--format', '{{.Labels.a}}')).toBe('b\n');
		await expect(docker('volume', 'inspect', 'spread')).rejects.toThrow(/no such volume|not found/);
		const again = backend.apply({kind: 'volume', name: 'spread'}, {node: 'node2'}, {create: true});
		await expect(again).rejects.toMatchObject({code: 'conflict'});
		await backend.apply({kind: 'volume', name: 'spread'}, {}, {create: true});
		expect(await onNode('spread')).toEqual(['node1/spread on node1', 'node2/spread on node2']);
		await expect(backend.remove({kind: 'volume', name: 'spread'}, {})).rejects.toMatchObject({code: 'conflict'});
		await backend.remove({kind: 'volume', id: 'node1/spread', name: 'spread'}, {});
		expect(await onNode('spread')).toEqual(['node2/spread on node2']);

		const {revision} = await backend.list({kind: 'volume'});
		const stop = new AbortController();
		const seen: string[] = [];
		const watching = (async () => {
			for await (const change of backend.watch({kind: 'volume'}, revision, stop.signal)) {
				if (change.type === 'put') seen.push(change.object.id);
				if (change.type === 'remove') seen.push(`no ${change.id}`);
			}
		})();
		await until('what another node has is told', async () => {
			await dockerOn(second, 'volume', 'create', 'told');
			return seen.includes('node2/told');
		});
		await dockerOn(second, 'volume', 'rm', 'told');
		await until('what it no longer has is told', () => seen.includes('no node2/told'));
		stop.abort();
		await watching;
		await backend.remove({kind: 'volume', id: 'node2/spread', name: 'spread'}, {});
		expect(await onNode('spread')).toEqual([]);
	});

	test('a volume is made by its driver, as its options say', async () => {
		const [, second] = liveSwarm().nodes;
		if (second === undefined) throw new Error('there is one node only');
		const words = ['--node=node2', '--driver=local', '--opt=type=tmpfs', '--opt=device=tmpfs', '--opt=o=size=10m'];
		const muster = (...line: readonly string[]) => run(line, {open: openFirst});
		expect(await muster('volume', 'create', ...words, 'scratch')).toMatchObject({code: 0});
		const format = '{{.Driver}} {{json .Options}}';
		expect(await dockerOn(second, 'volume', 'inspect', 'scratch', '--format', format)).toBe(
			'local {"device":"tmpfs","o":"size=10m","type":"tmpfs"}\n',
		);
		const [made] = (await backend.list({kind: 'volume', name: 'scratch'})).items;
		expect(made?.spec).toMatchObject({
			driver: 'local',
			options: {type: 'tmpfs', device: 'tmpfs', o: 'size=10m'},
		});
		expect(await muster('volume', 'create', '--driver=nope', 'none')).toMatchObject({
			code: 3,
			stderr: expect.stringContaining('nope'),
		});
		expect(await muster('volume', 'create', '--size=1g', 'none')).toMatchObject({
			code: 8,
			stderr: expect.stringContaining('--size: Docker gives out no sizes'),
		});
		await backend.remove({kind: 'volume', name: 'scratch'}, {});
	});
});
