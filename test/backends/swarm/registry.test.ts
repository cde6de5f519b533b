import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import {parseEndpoint} from '../../../source/backends/swarm/connection/endpoint.ts';
import {openSwarm} from '../../../source/backends/swarm/open.ts';
import type {Backend} from '../../../source/core/backend.ts';
import {EngineUse, inspect} from './engine-use.ts';
import {dockerOn, liveSwarm, openFirst, type SwarmNode, whyNoSwarm} from './live-swarm.ts';
import {type Registry, startRegistry} from './registry.ts';

// Images that come from a registry, which the nodes pull from.

vi.setConfig({testTimeout: 90_000, hookTimeout: 90_000});

const reason = whyNoSwarm();
const image = '.Spec.TaskTemplate.ContainerSpec.Image';

describe.skipIf(reason !== undefined)(`a registry${reason === undefined ? '' : ` (${reason})`}`, () => {
	let registry: Registry;
	let backend: Backend;
	const engine = new EngineUse();

	beforeAll(async () => {
		registry = await startRegistry('me:it');
		const [first] = liveSwarm().nodes;
		backend = await openSwarm({
			name: 'swarm:test',
			endpoints: [parseEndpoint(`unix://${first?.socket}`, 'the test')],
			auth: async () => ({username: 'me', password: 'it', serveraddress: registry.host}),
		});
		engine.backend = backend;
	});
	afterEach(() => engine.removeMade());
	afterAll(() => {
		backend?.close();
		registry?.end();
	});

	test('what a tag stands for is what all nodes run, until the image is asked for again', async () => {
		const name = `${registry.host}/app`;
		const one = await registry.serve('latest', 'web:1');
		await engine.create('pinned', {replicas: 3, template: {image: name}});
		expect(await inspect('pinned', image)).toBe(`${name}:latest@${one}`);
		const ran = await engine.running('pinned', 3);
		expect(new Set(ran.map(({nodeName}) => nodeName)).size).toBe(3);
		expect(ran[0]?.image).toBe(`${name}:latest`);

		// The tag moves on. What is changed otherwise, and what is scaled, runs what it ran.
		const two = await registry.serve('latest', 'web:2');
		expect(two).not.toBe(one);
		await backend.apply({kind: 'service', name: 'pinned'}, {replicas: 4, template: {env: {A: '1'}}}, {});
		expect(await inspect('pinned', image)).toBe(`${name}:latest@${one}`);

		await backend.apply({kind: 'service', name: 'pinned'}, {template: {image: `${name}:latest`}}, {});
		expect(await inspect('pinned', image)).toBe(`${name}:latest@${two}`);
		const {version} = await engine.service('pinned');
		await vi.waitUntil(async () => (await engine.running('pinned', 4)).every(one => one.version === version), 60_000);
		const [container] = await containersOf('pinned');
		expect(await dockerOn(liveSwarm().nodes[0] as SwarmNode, 'exec', container ?? '', 'cat', '/version')).toBe('2\n');
	});

	test('asked for as it is, or when it tells nothing, the tag stays', async () => {
		const name = `${registry.host}/app:latest`;
		await registry.serve('latest', 'web:1');
		const warnings: string[] = [];
		const options = {create: true, warn: (text: string) => void warnings.push(text)};
		const write = async (service: string, by: Backend, more: object) => {
			engine.made.push(['service', service]);
			await by.apply({kind: 'service', name: service}, {replicas: 0, template: {image: name}}, {...options, ...more});
			return inspect(service, image);
		};
		expect(await write('asis', backend, {keepTag: true})).toBe(name);
		expect(warnings).toEqual([]);
		const stranger = await openFirst();
		expect(await write('unknown', stranger, {}).finally(() => stranger.close())).toBe(name);
		expect(warnings).toEqual([expect.stringContaining(`${name}: its registry does not tell`)]);
	});
});

/** On the first node. */
async function containersOf(service: string): Promise<readonly string[]> {
	const filter = `label=com.docker.swarm.service.name=${service}`;
	const listed = await dockerOn(liveSwarm().nodes[0] as SwarmNode, 'ps', '-q', '--filter', filter);
	return listed.split('\n').filter(Boolean);
}
