import {expect, test} from 'vitest';
import {reach} from '../../../source/commands/arguments/reach.ts';
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
