import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {run} from '../../commands/run.ts';
import {until} from '../../helpers/local-engine.ts';
import {docker, liveSwarm, openNode, type SwarmNode, whyNoSwarm} from './live-swarm.ts';

vi.setConfig({testTimeout: 120_000, hookTimeout: 90_000});

const reason = whyNoSwarm();

/** What docker stack of the oldest engine here can do, too. */
const compose = (colour: string, replicas: number) => `
version: '3.7'
services:
  front:
    image: 'idle:1'
    environment: {COLOUR: ${colour}, N: '3'}
    labels: {side: front}
    networks: {lan: {aliases: [www]}}
    configs: [{source: colour, target: /etc/colour, mode: 0440}]
    ports: ['18099:80']
    stop_grace_period: 3s
    deploy:
      replicas: ${replicas}
      labels: {team: a}
      update_config: {order: start-first, parallelism: 2}
      resources: {limits: {cpus: '0.5', memory: 64M}, reservations: {memory: 16M}}
      placement: {constraints: [node.role == manager]}
  back:
    image: 'idle:1'
    volumes: ['data:/data', {type: tmpfs, target: /scratch}]
    secrets: [key]
    deploy: {mode: global}
networks: {lan: }
volumes: {data: }
configs: {colour: {file: ./colour-${colour}}}
secrets: {key: {file: ./key}}
`;

describe.skipIf(reason !== undefined)(`a Compose file${reason === undefined ? '' : ` (${reason})`}`, () => {
	const files = {'/home/ann/colour-red': 'red', '/home/ann/colour-blue': 'blue', '/home/ann/key': 'hunter2'};
	const muster = (line: string, text: string) =>
		run(line, {
			open: async () => openNode(liveSwarm().nodes[0] as SwarmNode),
			files: {...files, '/home/ann/compose.yaml': text},
		});
	const inspect = async (name: string, format: string) =>
		(await docker('service', 'inspect', name, '--format', format)).trim();

	afterEach(async () => {
		await docker('stack', 'rm', 'shop').catch(() => '');
		await until(
			async () => docker('network', 'ls', '--format', '{{.Name}}'),
			names => !names.includes('shop'),
			60_000,
		);
	});

	test('is made, stays, is changed, loses a service, and goes', async () => {
		const red = compose('red', 2);
		const made = await muster('stack apply shop', red);
		expect(made.stderr).not.toContain('muster');
		expect(made).toMatchObject({code: 0, stdout: 'shop\n'});
		expect(await docker('stack', 'services', 'shop', '--format', '{{.Name}} {{.Replicas}}')).toMatch(
			/shop_back 3\/3[\s\S]*shop_front 2\/2|shop_front 2\/2[\s\S]*shop_back 3\/3/,
		);
		expect(await inspect('shop_front', '{{json .Spec.TaskTemplate.ContainerSpec.Env}}')).toBe('["COLOUR=red","N=3"]');
		expect(await inspect('shop_front', '{{json .Spec.UpdateConfig.Order}}')).toBe('"start-first"');
		expect(await inspect('shop_front', '{{json .Spec.TaskTemplate.Networks}}')).toContain('"Aliases":["www","front"]');
		const version = await inspect('shop_front', '{{.Version.Index}}');

		expect((await muster('stack apply shop', red)).stderr).toContain('All of it is as the file asks for.');
		expect(await muster('stack diff shop', red)).toMatchObject({code: 0, stdout: ''});
		expect(await inspect('shop_front', '{{.Version.Index}}')).toBe(version);

		const blue = compose('blue', 1);
		const difference = await muster('stack diff shop', blue);
		expect(difference.code).toBe(10);
		expect(difference.stdout).toMatch(/config shop_colour would be changed[\s\S]*env.COLOUR: "red" → "blue"/);
		expect((await muster('apply -f compose.yaml', blue.replace('version', 'name: shop\nversion'))).code).toBe(0);
		expect(await inspect('shop_front', '{{json .Spec.TaskTemplate.ContainerSpec.Env}}')).toBe('["COLOUR=blue","N=3"]');
		expect((await muster('stack diff shop', blue)).stdout).toBe('');

		const alone = blue.replace(/ {2}back:[\s\S]*?(?=networks: \{lan: \})/, '');
		expect((await muster('stack apply shop', alone)).stderr).toContain('no longer in the file, and left: shop_back');
		expect((await muster('stack apply --prune --yes shop', alone)).code).toBe(0);
		expect((await docker('stack', 'services', 'shop', '--format', '{{.Name}}')).trim()).toBe('shop_front');
		expect((await muster('stack rm --yes shop', alone)).code).toBe(0);
		expect(await docker('stack', 'ls', '--format', '{{.Name}}')).toBe('');
	});

	test('what docker stack has made of it is the same, and the other way round', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'muster-compose-'));
		const text = compose('red', 1);
		try {
			for (const [file, content] of Object.entries({...files, '/home/ann/compose.yaml': text})) {
				writeFileSync(path.join(folder, path.basename(file)), content);
			}

			const deploy = async () =>
				docker('stack', 'deploy', '--resolve-image', 'never', '-c', path.join(folder, 'compose.yaml'), 'shop');
			await deploy();
			expect((await muster('stack diff shop', text)).stdout).toBe('');
			await docker('stack', 'rm', 'shop');
			await until(
				async () => docker('network', 'ls', '--format', '{{.Name}}'),
				names => !names.includes('shop'),
				60_000,
			);
			expect((await muster('stack apply shop', text)).code).toBe(0);
			expect(await deploy()).not.toContain('Creating');
			expect((await muster('stack diff shop', text)).stdout).toBe('');
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	});
});
