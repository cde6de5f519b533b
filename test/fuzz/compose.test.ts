import path from 'node:path';
import {test} from 'vitest';
import {applyStack} from '../../source/actions/compose/apply/apply-stack.ts';
import {loadFiles} from '../../source/actions/compose/files/load.ts';
import type {FileSource} from '../../source/actions/compose/files/source-files.ts';
import {Tagged} from '../../source/actions/compose/files/tagged.ts';
import {readProject} from '../../source/actions/compose/project/project.ts';
import {planAction} from '../../source/actions/execute.ts';
import {waysOf} from '../../source/commands/compose/ways.ts';
import {ClusterError} from '../../source/core/error.ts';
import {checkServiceSpec, serviceSpec} from '../../source/core/spec/service-spec.ts';
import {fuzz} from './inputs.ts';
import {mutated} from './values.ts';

/** Something of everything that a Compose file can say. */
const file = {
	name: 'shop',
	services: {
		web: {
			...{image: 'i', command: 'sh -c "a b"', entrypoint: ['x'], environment: {A: '1', B: null}, env_file: ['web.env']},
			...{ports: ['8080:80', {target: 80, published: '81', mode: 'host'}], networks: {front: {aliases: ['www']}}},
			...{volumes: ['data:/d', './c:/c:ro', {type: 'tmpfs', target: '/t', tmpfs: {size: '1m'}}], tmpfs: '/r:size=1k'},
			...{configs: ['app', {source: 'app', target: '/a', mode: 288}], secrets: ['key'], labels: ['a=b'], user: '70'},
			...{
				healthcheck: {test: ['CMD', 'true'], interval: '5s', retries: 2},
				stop_signal: 'INT',
				stop_grace_period: '5s',
			},
			...{
				ulimits: {nofile: 5, core: {soft: 1, hard: 2}},
				sysctls: ['a=1'],
				extra_hosts: ['a:1'],
				restart: 'on-failure:5',
			},
			...{logging: {driver: 'local', options: {a: 'b'}}, cap_add: ['ALL'], mem_limit: '64m', 'x-own': 1, build: '.'},
			deploy: {
				...{mode: 'replicated', replicas: 2, labels: {a: 'b'}, endpoint_mode: 'vip'},
				resources: {limits: {cpus: '0.5', memory: '64M', pids: 3}, reservations: {cpus: 0.1, memory: '1g'}},
				placement: {constraints: ['node.role == worker'], preferences: [{spread: 'node.labels.a'}]},
				update_config: {parallelism: 2, delay: '1s', order: 'start-first', max_failure_ratio: 0.1},
				restart_policy: {condition: 'any', delay: '5s', max_attempts: 3, window: '1m'},
			},
		},
	},
	networks: {front: {driver: 'overlay', internal: true, ipam: {config: [{subnet: '10.0.0.0/24'}]}}},
	volumes: {data: {driver: 'local', driver_opts: {a: 'b'}}},
	configs: {app: {content: '$A'}},
	secrets: {key: {file: 'key'}},
};

/** What changes it, what it includes, and what its services extend. */
const others = {
	'/over.yaml': {
		services: {
			web: {
				...{image: 'j', command: ['c'], environment: ['A=2', 'C'], env_file: 'o.env', ports: ['8080:80', '9000:90']},
				...{volumes: ['other:/d', {target: '/t', type: 'tmpfs'}], configs: [{source: 'app', target: '/app'}]},
				...{networks: ['front'], logging: {driver: 'syslog'}, healthcheck: {test: 'true'}, ulimits: {nofile: 6}},
				...{profiles: ['a'], extra_hosts: ['a=2'], deploy: new Tagged('override', {replicas: 3}), labels: {a: 'c'}},
				...{user: new Tagged('reset', null), tmpfs: new Tagged('reset', [])},
			},
			more: {extends: {file: 'common.yaml', service: 'app'}, profiles: ['b']},
			again: {extends: 'more'},
		},
		volumes: {other: null},
	},
	'/common.yaml': {services: {app: {extends: 'root', volumes: ['./a:/a']}, root: {image: '$A', env_file: ['a.env']}}},
	'/part.yaml': {
		include: ['deep/deep.yaml'],
		services: {part: {image: 'p', secrets: ['pw']}},
		secrets: {pw: {file: 'p'}},
	},
	'/deep/deep.yaml': {name: 'deep', services: {deep: {image: 'd', volumes: ['./d:/d']}}, configs: {c: {content: '$$'}}},
};

const backend = {facets: {}, name: 'local'};
const ways = waysOf({name: 'k8s:a'});
const world = {now: 0, services: [], instances: [], nodes: [], images: []};

function sourceOf(documents: Readonly<Record<string, unknown>>): FileSource {
	return {
		nameOf: file => file,
		async document(file) {
			if (!Object.hasOwn(documents, file)) throw new ClusterError('usage', 'there is no such file');
			return documents[file];
		},
		variables: async file => (file.length < 20 ? {B: 'b'} : undefined),
		resolve: (folder, file) => path.posix.resolve(folder, file),
		folderOf: file => path.posix.dirname(file),
	};
}

/** As far as nobody is asked for anything. */
async function plan(documents: Readonly<Record<string, unknown>>, files: readonly string[]): Promise<void> {
	const loaded = await loadFiles({files, folder: '/', env: {A: 'a'}}, sourceOf(documents));
	const project = readProject(loaded, {
		...{folderName: 'shop', profiles: ['b'], ...ways},
		imageOf: image => image,
		resolve: file => `/${file}`,
		read: file => (file.length < 20 ? 'A=1' : undefined),
	});
	planAction(backend, {action: applyStack(project, ways), world, target: undefined, input: {}});
	// What the reader takes may be wrong in its values: the engine's own look says so, in a sentence.
	for (const {patch} of project.services) checkServiceSpec(serviceSpec(patch));
}

fuzz('Compose files', 40_000, random => {
	const input = mutated(random, file);
	return {input, run: async () => plan({'/compose.yaml': input}, ['/compose.yaml'])};
});

fuzz('several Compose files', 10_000, random => {
	const all = {'/compose.yaml': {...file, include: ['part.yaml']}, ...others};
	const names = Object.keys(all) as Array<keyof typeof all>;
	const changed = names[Math.floor(random() * names.length)] ?? '/over.yaml';
	const input = {...all, [changed]: mutated(random, all[changed])};
	return {input, run: async () => plan(input, ['/compose.yaml', '/over.yaml'])};
});

test('they are taken as they are', async () => {
	await plan({'/compose.yaml': {...file, include: ['part.yaml']}, ...others}, ['/compose.yaml', '/over.yaml']);
});
