import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Ran, run} from '../../commands/run.ts';
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
    expose: [6379]
    volumes: ['data:/data', {type: tmpfs, target: /scratch, tmpfs: {size: 1m}}]
    user: '70'
    stop_grace_period: 1s
networks: {lan: }
volumes: {data: }
`;

const title = isLive ? 'a Compose file on a real Kubernetes' : `a Compose file on a real Kubernetes: ${whySkipped}`;

describe.skipIf(!isLive)(title, {timeout: liveTimeoutMs * 3}, () => {
	const muster = (line: string, text: string) => run(line, {open: openLive, files: {'/home/ann/compose.yaml': text}});
	beforeAll(async () => {
		await kubectl('create', 'configmap', 'compose-other', '--from-literal=a=1', '--from-literal=b=2');
	});
	afterAll(async () => {
		const made = ['shop-front', 'shop-back', 'shop-data', 'compose-other', 'mounts', 'files-web', 'files-job'];
		const files = ['files-app-conf', 'files-said', 'files-db-password'];
		await kubectl('delete', 'deploy,svc,pvc,cm,secret,job', ...made, ...files, '--ignore-not-found');
	});

	test('is made, stays, is changed, and goes; what Kubernetes lacks is said', async () => {
		const first = compose('info', 2);
		const made = await muster('stack apply', first);
		expect(made).toMatchObject({code: 0, stdout: 'shop\n'});
		expect(made.stderr).toContain('left out: networks.lan: the engine has no networks');
		const strategy = await kubectl('get', 'deploy', 'shop-front', '-o', 'jsonpath={.spec.strategy.rollingUpdate}');
		expect(JSON.parse(strategy)).toEqual({maxSurge: 2, maxUnavailable: 0});
		const port = await kubectl('get', 'svc', 'shop-back', '-o', 'jsonpath={.spec.ports[0].port}');
		expect(port).toBe('6379');
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

	const withFiles = (level: string) => `
name: files
services:
  web:
    image: nginx:1
    configs: [app_conf, {source: said, target: /etc/said.conf, mode: 0440}, {source: other, target: /etc/b}]
    secrets: [db_password]
    stop_grace_period: 1s
    deploy: {replicas: 2}
  job:
    image: busybox:1
    command: [sh, -c, 'true']
    configs: [said]
    deploy: {mode: replicated-job}
configs: {app_conf: {file: app.conf}, said: {content: 'level=${level}'}, other: {external: true, name: compose-other}}
secrets: {db_password: {environment: PASSWORD}}
`;

	test('its configs and secrets are files; new content makes new pods, and is taken back', async () => {
		const files = (text: string) => ({'/home/ann/compose.yaml': text, '/home/ann/app.conf': 'colour=red\n'});
		const apply = async (line: string, text: string, entries: Ran['entries'] = []) =>
			run(line, {open: openLive, files: files(text), env: {PASSWORD: 'hunter2'}, entries});
		const podTemplate = async () =>
			JSON.parse(await kubectl('get', 'deploy', 'files-web', '-o', 'jsonpath={.spec.template}')) as {
				metadata: {annotations?: object};
				spec: {containers: [{volumeMounts: Array<{mountPath: string; subPath: string}>}]};
			};
		const content = async () => kubectl('get', 'cm', 'files-said', '-o', 'jsonpath={.data.data}');
		const first = withFiles('info');
		expect(await apply('stack apply', first)).toMatchObject({code: 0, stdout: 'files\n'});
		const [container] = (await podTemplate()).spec.containers;
		expect(container.volumeMounts.map(({mountPath, subPath}) => `${mountPath} ${subPath}`).toSorted()).toEqual([
			...['/app_conf data', '/etc/b b', '/etc/said.conf data', '/run/secrets/db_password data'],
		]);
		const secret = await kubectl('get', 'secret', 'files-db-password', '-o', 'jsonpath={.data.data}');
		expect(Buffer.from(secret, 'base64').toString()).toBe('hunter2');
		expect(await apply('stack diff', first)).toMatchObject({code: 0, stdout: ''});
		expect((await apply('stack apply', first)).stderr).toContain('All of it is as the file asks for.');

		const second = withFiles('debug');
		expect(await apply('stack diff', second)).toMatchObject({
			code: 10,
			stdout: 'config files-said would be changed\n  data.data: "level=info" → "level=debug"\n',
		});
		const changed = await apply('stack apply', second);
		expect(changed.stderr).toContain('config files-said changed\nfiles-web: 2 of 2 ready');
		expect((await podTemplate()).metadata.annotations).toMatchObject({'config.muster/files-said': '2'});
		const updated = await kubectl('get', 'deploy', 'files-web', '-o', 'jsonpath={.status.updatedReplicas}');
		expect(updated).toBe('2');
		expect((await apply('stack diff', second)).stdout).toBe('');

		// As where whoever changed it was killed before the services had followed.
		await kubectl('annotate', 'cm', 'files-said', 'muster/version=3', '--overwrite');
		expect((await apply('stack diff', second)).stdout).toContain('service files-web would be changed');
		expect((await apply('stack apply', second)).stderr).toContain('service files-web changed');
		expect((await podTemplate()).metadata.annotations).toMatchObject({'config.muster/files-said': '3'});
		expect((await apply('stack diff', second)).stdout).toBe('');

		expect((await apply('undo --yes', second, changed.entries)).code).toBe(0);
		expect(await content()).toBe('level=info');
		expect((await podTemplate()).metadata.annotations).toMatchObject({'config.muster/files-said': '4'});
		expect(await apply('stack diff', first)).toMatchObject({code: 0, stdout: ''});

		const rotated = await apply('secret rotate files-db-password --literal other', first);
		expect(rotated.code).toBe(0);
		expect((await podTemplate()).metadata.annotations).toMatchObject({'secret.muster/files-db-password': '2'});
		expect((await apply('stack diff', first)).stdout).toBe('');
		expect((await apply('stack rm --yes files', first)).code).toBe(0);
		expect(await kubectl('get', 'deploy,job,cm,secret', '-o', 'name')).not.toContain('/files-');
		expect(await kubectl('get', 'cm', 'compose-other', '-o', 'name')).toBe('configmap/compose-other');
	});

	test('what a service mounts is changed beside what it mounts already', async () => {
		const muster = async (line: string) => run(line, {open: openLive});
		expect((await muster('service create --name mounts --config source=compose-other,key=a nginx:1')).code).toBe(0);
		const more = '--config-add source=compose-other,target=/etc/b --mount-add type=tmpfs,target=/tmp/x';
		expect((await muster(`service update ${more} mounts`)).code).toBe(0);
		expect(
			(await muster('service update --config-rm compose-other --mount-add type=volume,target=/tmp/x mounts')).code,
		).toBe(0);
		const {volumes, containers} = JSON.parse(
			await kubectl('get', 'deploy', 'mounts', '-o', 'jsonpath={.spec.template.spec}'),
		) as {volumes: Array<{emptyDir?: object}>; containers: [{volumeMounts: Array<{mountPath: string}>}]};
		expect(containers[0].volumeMounts.map(({mountPath}) => mountPath)).toEqual(['/tmp/x']);
		expect(volumes.map(({emptyDir}) => emptyDir)).toEqual([{}]);
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
			'configs: [{source: app, uid: "5"}]',
			2,
			'muster stack apply: services.front.configs[0].uid is not set: in Kubernetes root owns such files, and mode says who may read them.',
		],
		[
			'configs: [other]',
			2,
			'muster stack apply: services.front.configs[0]: compose-other holds several files (a, b): say by a target that ends with its name which one is meant.',
		],
		[
			'deploy: {restart_policy: {max_attempts: 3, condition: any}, update_config: {failure_action: rollback}}',
			8,
			'muster stack apply: services.front.deploy.restart_policy.max_attempts: what runs for ever is always started again; use --mode job',
		],
	])('%s is refused', async (member, code, said) => {
		const configs = member.startsWith('configs')
			? '\nconfigs: {app: {content: a}, other: {external: true, name: compose-other}}'
			: '';
		const refused = await muster('stack apply', `name: shop\nservices: {front: {image: nginx:1, ${member}}}${configs}`);
		expect([refused.code, refused.stderr.split('\n')[0]]).toEqual([code, said]);
		expect(await kubectl('get', 'deploy', '-o', 'name')).not.toContain('shop');
	});
});
