import {applyStack} from '../../source/actions/compose/apply/apply-stack.ts';
import {readProject} from '../../source/actions/compose/project/project.ts';
import {planAction} from '../../source/actions/execute.ts';
import {waysOf} from '../../source/commands/compose/ways.ts';
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

const backend = {facets: {}, name: 'local'};
const {files} = waysOf({name: 'k8s:a'});
const world = {now: 0, services: [], instances: [], nodes: [], images: []};

fuzz('Compose files', 40_000, random => {
	const document = mutated(random, file);
	return {
		input: document,
		run() {
			const project = readProject(document, {
				...{
					folderName: 'shop',
					env: {A: 'a'},
					separator: '-',
					wordOf: (key: string) => key,
					hasNetworks: true,
					makesVolumes: true,
					files,
				},
				imageOf: image => image,
				resolve: path => `/${path}`,
				read: path => (path.length < 20 ? 'A=1' : undefined),
			});
			const action = applyStack(project, {makesVolumes: true, labelsContainers: true, files});
			planAction(backend, {action, world, target: undefined, input: {}});
			// What the reader takes may be wrong in its values: the engine's own look says so, in a sentence.
			for (const {patch} of project.services) checkServiceSpec(serviceSpec(patch));
		},
	};
});
