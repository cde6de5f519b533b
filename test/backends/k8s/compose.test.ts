import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, describe, expect, test} from 'vitest';
import {run} from '../../commands/run.ts';
import {isLive, kubeconfig, liveTimeoutMs, openLive, untilLive, whySkipped} from './live.ts';

const exec = promisify(execFile);

async function kubectl(...args: readonly string[]): Promise<string> {
	return (await exec('kubectl', ['--kubeconfig', kubeconfig, ...args])).stdout.trim();
}

const compose = (level: string, replicas: number) => `
name: shop
services:
  front:
    image: nginx:1
    environment: {LEVEL: ${level}}
    ports: ['8099:80']
    networks: [lan]
    depends_on: [back]
    healthcheck: {test: [CMD, 'true'], interval: 20s, retries: 2}
    deploy:
      replicas: ${replicas}
      update_config: {order: start-first, parallelism: 2, delay: 1s}
      resources: {limits: {cpus: '0.5', memory: 64M}, reservations: {memory: 16M}}
      placement: {constraints: [node.labels.kubernetes.io/os == linux]}
  back:
    image: nginx:1
    command: sleep 1000
    volumes: ['data:/data', {type: tmpfs, target: /scratch, tmpfs: {size: 1m}}]
    user: '70'
    stop_grace_period: 1s
networks: {lan: }
volumes: {data: }
`;

const title = isLive ? 'a Compose file on a real Kubernetes' : `a Compose file on a real Kubernetes: ${whySkipped}`;

describe.skipIf(!isLive)(title, {timeout: liveTimeoutMs * 3}, () => {
	const muster = (line: string, text: string) => run(line, {open: openLive, files: {'/home/ann/compose.yaml': text}});
	afterAll(async () => {
		await kubectl('delete', 'deploy,svc,pvc', 'shop-front', 'shop-back', 'shop-data', '--ignore-not-found');
	});

	test('is made, stays, is changed, and goes; what Kubernetes lacks is said', async () => {
		const first = compose('info', 2);
		const made = await muster('stack apply', first);
		expect(made).toMatchObject({code: 0, stdout: 'shop\n'});
		expect(made.stderr).toContain('left out: networks.lan: the engine has no networks');
		const strategy = await kubectl('get', 'deploy', 'shop-front', '-o', 'jsonpath={.spec.strategy.rollingUpdate}');
		expect(JSON.parse(strategy)).toEqual({maxSurge: 2, maxUnavailable: 0});
		expect(await kubectl('get', 'pvc', 'shop-data', '-o', 'name')).toBe('persistentvolumeclaim/shop-data');
		expect(await muster('stack diff', first)).toMatchObject({code: 0, stdout: ''});
		expect((await muster('stack apply', first)).stderr).toContain('All of it is as the file asks for.');

		const second = compose('debug', 1);
		expect((await muster('stack diff', second)).stdout).toBe(
			'service shop-front would be changed\n  replicas: 2 → 1\n  template.env.LEVEL: "info" → "debug"\n',
		);
		expect((await muster('stack apply', second)).code).toBe(0);
		expect(await kubectl('get', 'deploy', 'shop-front', '-o', 'jsonpath={.spec.replicas}')).toBe('1');
		expect((await muster('stack diff', second)).stdout).toBe('');
		expect((await muster('stack rm --yes shop', second)).code).toBe(0);
		await gone();
	});

	/** Kubernetes takes its pods away first. */
	async function gone(): Promise<void> {
		await untilLive('it is gone', async () => !(await kubectl('get', 'deploy', '-o', 'name')).includes('shop'));
	}

	test.each([
		[
			'labels: {a: b}',
			8,
			"muster stack apply: services.front.labels: Kubernetes finds pods by their labels, which are the service's.",
		],
		[
			'configs: [app]',
			2,
			'muster stack apply: configs.app is a folder of files here, and none of one file: apply a manifest.',
		],
		[
			'deploy: {update_config: {failure_action: rollback}}',
			8,
			'muster stack apply: services.front: --update-monitor, --update-max-failure-ratio, --update-failure-action: a rollout waits for what fails; go back by `muster service rollback`.',
		],
	])('%s is refused', async (member, code, said) => {
		const configs = member.startsWith('configs') ? '\nconfigs: {app: {content: a}}' : '';
		const refused = await muster('stack apply', `name: shop\nservices: {front: {image: nginx:1, ${member}}}${configs}`);
		expect([refused.code, refused.stderr.split('\n')[0]]).toEqual([code, said]);
		expect(await kubectl('get', 'deploy', '-o', 'name')).not.toContain('shop');
	});
});
