import {describe, expect, test} from 'vitest';
import {refuseLocalOptions} from '../../../source/core/spec/engine-options.ts';
import {stackLabel} from '../../../source/core/stacks.ts';
import {run} from '../run.ts';

const files = {
	'/home/ann/compose.yaml': `name: shop
services:
  web: {image: i, environment: {A: 1}}
  tools: {image: i, profiles: [debug]}`,
	'/home/ann/compose.override.yaml': 'services: {web: {environment: {B: 2}}}',
	'/home/ann/live.yaml': 'services: {web: {environment: {C: 3}, deploy: {replicas: 3}}}',
	'/home/ann/sub/compose.yaml': 'include: [more.yaml]\nservices: {web: {image: i, env_file: w.env}}',
	'/home/ann/sub/more.yaml': 'services: {more: {image: "m:$TAG"}}',
	'/home/ann/sub/w.env': 'W=1',
	'/home/ann/sub/.env': 'TAG=7\nCOMPOSE_PROFILES=debug',
	'/home/ann/bad.yaml': 'services: {web: {prots: [1], privileged: true}}',
	'/home/ann/manifest.yaml': 'kind: Service\nservices: {}',
	'/home/ann/broken.yaml': 'services: {web: [}',
};

/** What would be made: of each service its number and environment; and what is said. */
async function diff(line: string, env = {}): Promise<readonly string[]> {
	const {stdout, stderr} = await run(`stack diff ${line}`, {files, env});
	const made = stdout.split('\n').filter(one => /^service|^ {2}(replicas|template\.(env|image))/.test(one));
	return [...made.map(one => one.replace(/ would be created|: –/g, '').trim()), ...stderr.trim().split('\n')];
}

describe('which files are read', () => {
	const web = ['service shop-web', 'template.image → "docker:i"', 'template.env.A → "1"'];
	const left = 'left out: services.tools: is of the profiles debug, which are not asked for';
	const override = 'read with it: compose.override.yaml';
	test.each<[string, string, readonly string[]]>([
		['the usual ones', '', [...web, 'template.env.B → "2"', override, left]],
		['the one that is named', '-f compose.yaml', [...web, left]],
		[
			'those that are named',
			'-f compose.yaml -f live.yaml',
			['service shop-web', 'replicas → 3', ...web.slice(1), 'template.env.C → "3"', left],
		],
		[
			'with a profile',
			'-f compose.yaml --profile debug',
			[...web, 'service shop-tools', 'template.image → "docker:i"', ''],
		],
		[
			'of another folder, with its variables',
			'-f sub/compose.yaml -f live.yaml',
			[
				...['service sub-web', 'replicas → 3', 'template.image → "docker:i"', 'template.env.W → "1"'],
				...['template.env.C → "3"', 'service sub-more', 'template.image → "docker:m:7"', ''],
			],
		],
	])('%s', async (_, line, expected) => {
		expect(await diff(line)).toEqual(expected);
	});

	test('profiles of the environment, which a flag takes the place of', async () => {
		const env = {COMPOSE_PROFILES: 'other, debug'};
		expect(await diff('-f compose.yaml', env)).toContain('service shop-tools');
		expect(await diff('-f compose.yaml -f live.yaml --profile *', {})).toContain('service shop-tools');
	});
});

test.each([
	[
		'stack diff -f compose.yaml -f bad.yaml',
		'stack diff: bad.yaml: services.web.prots is not known here; did you mean ports?\nbad.yaml: services.web.privileged is not given to services of a cluster.',
	],
	['stack diff -f bad.yaml -f bad.yaml', 'stack diff: services.web.image is missing: images are not built here'],
	[
		'stack diff -f compose.yaml -f manifest.yaml',
		'stack diff: --file: manifest.yaml is a manifest, and no Compose file.',
	],
	['stack diff -f live.yaml -f nope.yaml', 'stack diff: --file: "nope.yaml" cannot be read: there is no such file.'],
	['stack diff -f manifest.yaml', 'stack diff: --file: manifest.yaml is no Compose file: it has no services.'],
	['stack diff --profile nope -f compose.yaml', 'stack diff: --profile: no service is of "nope"; there are: debug.'],
	['stack diff -f compose.yaml -f broken.yaml', 'stack diff: broken.yaml is no YAML: '],
	['stack rm', 'stack rm: STACK is missing: its name, or --file.'],
	['stack rm -f compose.yaml shop', 'stack rm: Only one of STACK and --file can be given.'],
])('%s is refused', async (line, message) => {
	const {code, stderr} = await run(line, {files});
	expect(stderr.slice(stderr.indexOf('muster ')).slice(0, message.length + 7)).toBe(`muster ${message}`);
	expect(code).toBe(2);
});

const running =
	(...names: readonly string[]) =>
	async () => {
		const {readCluster} = await import('../../helpers/cluster-text.ts');
		const {createScriptedCluster} = await import('../../helpers/scripted-cluster.ts');
		const {services} = readCluster(names.map(name => `service ${name} replicas 1`).join(' · '));
		return createScriptedCluster(
			services.map(one => ({...one, spec: {...one.spec, labels: {[stackLabel]: 'shop'}}})),
			{},
		);
	};

test('what is of a profile that is not asked for is left as it is', async () => {
	const open = running('shop-web', 'shop-tools', 'shop-old');
	const {stdout} = await run('stack apply --dry-run --prune -f compose.yaml', {files, open});
	expect(stdout).toContain('shop-old');
	expect(stdout).not.toContain('shop-tools');
});

test('a stack is removed by its file, whatever that says by now', async () => {
	const open = running('shop-old');
	const gone = await run('stack rm --dry-run -f compose.yaml', {files, open});
	expect(gone).toMatchObject({code: 0, stdout: expect.stringContaining('shop-old')});
});

test('what the engine has not is told by the path of each', async () => {
	const text = 'services: {web: {image: exec:x, hostname: h, labels: {a: b}}, db: {image: exec:y, cap_add: [KILL]}}';
	const {code, stderr} = await run('stack diff -f a.yaml', {
		files: {'/home/ann/a.yaml': text},
		facets: {refuseSpec: refuseLocalOptions},
	});
	expect(code).toBe(8);
	expect(stderr.split('\n').slice(0, 3)).toEqual([
		'muster stack diff: services.web.labels: A process has no labels.',
		'services.web.hostname: A process has the name of the machine.',
		'services.db.cap_add: A process has the rights of its user, and no others.',
	]);
});
