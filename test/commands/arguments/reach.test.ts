import {expect, test} from 'vitest';
import {reach, reachRunning} from '../../../source/commands/arguments/reach.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';

/** On an engine whose instances have names without a dot: the services and instances that a word reaches. */
async function reached(word: string, exact = false): Promise<string> {
	const {services, instances} = readCluster('service web replicas 2 · instance web.1 · instance web.2');
	const pods = instances.map((one, index) => ({...one, name: `web-5f-${['abc', 'xyz'][index]}`}));
	const found = await reach(createScriptedCluster([...services, ...pods]), word, {exact});
	return [found.service?.name ?? '–', ...found.instances.map(({name}) => name)].join(' ');
}

test('a service with all its instances, or one of them by the beginning of its name', async () => {
	expect(await reached('web')).toBe('web web-5f-abc web-5f-xyz');
	expect(await reached('we')).toBe('web web-5f-abc web-5f-xyz');
	expect(await reached('web-5f-x')).toBe('– web-5f-xyz');
	expect(await reached('pod/web-5f-xyz', true)).toBe('– web-5f-xyz');
	await expect(reached('web-5f-x', true)).rejects.toThrow('there is no service or instance "web-5f-x"');
	await expect(reached('web-5f')).rejects.toThrow('"web-5f" may be 2 instances');
});

test('what does not run says why', async () => {
	const why = async (word: string, instance: string) => {
		const {services, instances, nodes} = readCluster(`node n1 · service web · instance web.1 on n1 ${instance}`);
		const found = reachRunning(createScriptedCluster([...services, ...instances, ...nodes]), word);
		return found.then(
			({name}) => name,
			(thrown: Error) => thrown.message,
		);
	};
	expect(await why('web', 'running')).toBe('web.1');
	expect(await why('web.1', 'failed because "Evicted: no room"')).toBe(
		'web.1 cannot be reached: it has failed: Evicted: no room',
	);
	expect(await why('web.1', 'preparing')).toBe('web.1 cannot be reached: it is preparing');
	expect(await why('web', 'preparing because "ImagePullBackOff"')).toBe(
		'web cannot be reached: no instance of it is running: ImagePullBackOff',
	);
});
