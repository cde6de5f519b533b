import {describe, expect, test} from 'vitest';
import {interpolate} from '../../../../source/actions/compose/files/interpolate.ts';
import {wrongIn} from '../../../../source/actions/compose/files/source-files.ts';
import type {ProjectContext} from '../../../../source/actions/compose/project/context.ts';
import {isCompose, readProject} from '../../../../source/actions/compose/project/project.ts';
import {Findings} from '../../../../source/actions/compose/project/section.ts';
import {waysOf} from '../../../../source/commands/compose/ways.ts';
import {parseCompose} from '../../../../source/commands/output/read-yaml.ts';
import {toClusterError} from '../../../../source/core/error.ts';

const files: Readonly<Record<string, string>> = {
	'/shop/web.env': '# of web\nexport A=1\nB="two words" # said\n',
	'/shop/app.conf': 'colour=red\n',
};

const context: ProjectContext = {
	...{folderName: 'My Shop', profiles: [], separator: '_', wordOf: key => key},
	...{hasNetworks: true, makesVolumes: true, files: waysOf({name: 'swarm:a'}).files, leftOut: {}, exposesPorts: false},
	imageOf: image => image,
	resolve: file => (file.startsWith('/') ? file : `/shop/${file.replace(/^\.\//, '')}`),
	read: file => files[file],
};

const env = {LEVEL: 'debug', TOKEN: 'hunter2', EMPTY: ''};

function read(text: string, more: Partial<ProjectContext> = {}) {
	const findings = new Findings();
	const document = interpolate(parseCompose(text)[0], env, findings);
	if (findings.problems.length > 0) throw wrongIn(findings.problems, () => undefined);
	const loaded = {...{document, places: new Map(), fileCount: 1}, ...{notes: findings.notes, env, folder: '/shop'}};
	return readProject(loaded, {...context, ...more});
}

/** The spec of the only service, as JSON; what was left out behind it. */
function check(what: string, service: string, expected: string, more = ''): void {
	test(what, () => {
		const {services, notes} = read(`name: shop\nservices:\n  web: {image: i, ${service}}\n${more}`);
		const patch = services[0]?.patch as {template: {networks?: unknown}; labels?: object};
		// On which networks it is is told by a test of its own.
		if (!service.includes('networks')) delete patch.template.networks;
		const {labels, ...rest} = patch;
		const spec = JSON.stringify({...(Object.keys(labels ?? {}).length > 0 && {labels}), ...rest});
		const short = spec.replace(/"image":"i",?/, '').replace(',}', '}');
		expect([short, ...notes].join('\n')).toBe(expected);
	});
}

/** What is refused. */
function refused(what: string, text: string, expected: string, more: Partial<ProjectContext> = {}): void {
	test(what, () => {
		let said = 'it was taken';
		try {
			read(text, more);
		} catch (thrown) {
			const {code, message} = toClusterError(thrown);
			said = `${code}: ${message}`;
		}

		expect(said).toBe(expected);
	});
}

describe('what runs', () => {
	check(
		'a line is split as a shell does it',
		'command: sh -c "echo hi"',
		'{"template":{"command":["sh","-c","echo hi"]}}',
	);
	check('a list of words', 'entrypoint: [/run, "a b"]', '{"template":{"container":{"entrypoint":["/run","a b"]}}}');
	check(
		'variables, of files too',
		'env_file: web.env, environment: [B=3, LEVEL, NOT_SET]',
		'{"template":{"env":{"A":"1","B":"3","LEVEL":"debug"}}}',
	);
	check('a mapping of variables', 'environment: {N: 3, ON: true, T: }', '{"template":{"env":{"N":"3","ON":"true"}}}');
	check('a file that need not be there', 'env_file: [{path: nope.env, required: false}]', '{"template":{}}');
	check(
		'who runs it, where, and how it is ended',
		'user: "70:70", working_dir: /srv, tty: true, stdin_open: true, stop_signal: INT, stop_grace_period: 1m30s',
		'{"template":{"user":"70:70","workdir":"/srv","tty":true,"openStdin":true,"stopSignal":"SIGINT","stopGraceMs":90000}}',
	);
	check(
		'what docker tells a container',
		'labels: [a=b], hostname: h, extra_hosts: {db: 10.0.0.1}, dns: 1.1.1.1, cap_add: [net_admin], cap_drop: [ALL], init: true, read_only: true, ulimits: {nofile: 5, core: {soft: 1, hard: 2}}, sysctls: {net.x: 1}, logging: {driver: local, options: {max-size: 1m}}, oom_score_adj: -5',
		'{"template":{"container":{"labels":{"a":"b"},"hostname":"h","hosts":["db:10.0.0.1"],"dns":["1.1.1.1"],"init":true,"readOnly":true,"oomScoreAdj":-5,"capAdd":["CAP_NET_ADMIN"],"capDrop":["ALL"],"sysctls":{"net.x":"1"},"ulimits":{"nofile":{"soft":5,"hard":5},"core":{"soft":1,"hard":2}},"log":{"driver":"local","options":{"max-size":"1m"}}}}}',
	);
});

describe('health', () => {
	check(
		'a line, and times',
		'healthcheck: {test: curl -f localhost, interval: 5s, timeout: 2s, retries: 2, start_period: 1m}',
		'{"template":{"health":{"test":{"type":"command","command":["sh","-c","curl -f localhost"]},"intervalMs":5000,"timeoutMs":2000,"retries":2,"startPeriodMs":60000}}}',
	);
	check(
		'words',
		'healthcheck: {test: [CMD, pg_isready]}',
		'{"template":{"health":{"test":{"type":"command","command":["pg_isready"]}}}}',
	);
	check('none', 'healthcheck: {disable: true}', '{"template":{"container":{"noHealthcheck":true}}}');
});

describe('what it is reached by, and what it holds', () => {
	check(
		'ports',
		'ports: ["8080:80", 9000, "127.0.0.1:53:53/udp", "3000-3001:30-31"]',
		'{"template":{},"ports":[{"published":8080,"target":80,"protocol":"tcp"},{"published":0,"target":9000,"protocol":"tcp"},{"published":53,"target":53,"protocol":"udp","host":"127.0.0.1"},{"published":3000,"target":30,"protocol":"tcp"},{"published":3001,"target":31,"protocol":"tcp"}]}',
	);
	check(
		'ports in full',
		'ports: [{target: 80, published: "8080", mode: host, protocol: tcp, name: web}]',
		'{"template":{},"ports":[{"published":8080,"target":80,"protocol":"tcp","mode":"host"}]}\nservices.web.ports[0].name: ports have no names',
	);
	check(
		'mounts',
		'volumes: ["data:/var/data", "./conf:/etc/conf:ro", /scratch, {type: tmpfs, target: /t, tmpfs: {size: 1k}}], tmpfs: "/run:size=2k"',
		'{"template":{"mounts":[{"type":"volume","source":"shop_data","target":"/var/data"},{"type":"bind","source":"/shop/conf","target":"/etc/conf","readOnly":true},{"type":"volume","target":"/scratch"},{"type":"tmpfs","target":"/t","sizeBytes":1024},{"type":"tmpfs","target":"/run","sizeBytes":2048}]}}',
		'volumes: {data: }',
	);
	check(
		'configs and secrets',
		'configs: [app, {source: app, target: /etc/app, mode: 0440, uid: "3"}], secrets: [key]',
		'{"template":{"configs":[{"source":"shop_app","target":"/app"},{"source":"shop_app","target":"/etc/app","mode":288,"uid":"3"}],"secrets":[{"source":"mine","target":"key"}]}}',
		'configs: {app: {file: app.conf}}\nsecrets: {key: {external: true, name: mine}}',
	);
	check(
		'networks: by its own name it is found on each',
		'networks: {front: {aliases: [www]}, back: }',
		'{"template":{"networks":[{"network":"shop_front","aliases":["www","web"]},{"network":"lan","aliases":["web"]}]}}',
		'networks: {front: , back: {name: lan}}',
	);
});

describe('how it runs in a cluster', () => {
	check(
		'replicas, resources, places',
		'deploy: {replicas: 3, labels: {team: a}, resources: {limits: {cpus: "0.5", memory: 64M, pids: 9}, reservations: {memory: 1g}}, placement: {constraints: ["node.role == manager"], preferences: [{spread: node.labels.zone}], max_replicas_per_node: 2}}',
		'{"labels":{"team":"a"},"replicas":3,"template":{"reserve":{"memoryBytes":1073741824},"limit":{"cpus":0.5,"memoryBytes":67108864,"pids":9}},"placement":{"constraints":["node.role==manager"],"preferences":["spread=node.labels.zone"],"maxReplicasPerNode":2}}',
	);
	check(
		'policies',
		'deploy: {restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 1m}, update_config: {parallelism: 2, delay: 1s, order: start-first, monitor: 9s, max_failure_ratio: 0.3, failure_action: rollback}, rollback_config: {parallelism: 0}}',
		'{"template":{},"restart":{"condition":"on-failure","delayMs":5000,"maxAttempts":3,"windowMs":60000},"update":{"parallelism":2,"delayMs":1000,"order":"start-first","monitorMs":9000,"maxFailureRatio":0.3,"failureAction":"rollback"},"rollback":{"parallelism":0}}',
	);
	check(
		'one on each node',
		'deploy: {mode: global, endpoint_mode: dnsrr}',
		'{"mode":"global","endpointMode":"dnsrr","template":{}}',
	);
	check('a job', 'deploy: {mode: replicated-job, replicas: 4}', '{"mode":"job","replicas":4,"template":{}}');
	check(
		"Compose's words of old",
		'restart: on-failure:5, mem_limit: 64m, cpus: 1.5, pids_limit: 7, scale: 2',
		'{"replicas":2,"template":{"limit":{"cpus":1.5,"memoryBytes":67108864,"pids":7}},"restart":{"condition":"on-failure","maxAttempts":5}}',
	);
});

test('what all runs the same without is left out, and said', () => {
	const {notes, services} = read(
		'services:\n  web: {image: i, build: ., depends_on: [db], container_name: w, x-mine: 1}\n  db: {image: i, profiles: [debug]}',
	);
	expect(services.map(({name}) => name)).toEqual(['my-shop_web']);
	expect(notes.map(note => note.split(':')[0]).toSorted()).toEqual([
		...['services.db', 'services.web.build', 'services.web.container_name', 'services.web.depends_on'],
	]);
});

describe('profiles', () => {
	const text = `
services:
  web: {image: i, configs: [both, ours]}
  db: {image: i, profiles: [debug, data], configs: [both, theirs], secrets: [{source: key}], volumes: ['vol:/v']}
volumes: {vol: }
configs: {both: {content: a}, ours: {content: b}, theirs: {file: nope}, nobodys: {content: c}}
secrets: {key: {environment: NOPE}}
`;
	const names = (profiles: readonly string[], more = '') => {
		const {services, configs, secrets, volumes, idle, notes} = read(text + more, {profiles});
		const keys = (parts: ReadonlyArray<{readonly key: string}>) => parts.map(({key}) => key).join(' ');
		return [keys(services), keys(configs), keys(secrets), keys(volumes), idle.join(' '), notes.join('; ')];
	};
	const without = ['web', 'both ours nobodys', '', '', 'my-shop_db'];
	const note = 'services.db: is of the profiles debug, data, which are not asked for';
	test('what is of one that is not asked for is left out, with what it alone has', () => {
		expect(names([])).toEqual([...without, note]);
		expect(names(['other'])).toEqual([...without, note]);
	});
	test('one that is asked for', () => {
		expect(() => names(['data'])).toThrow('configs.theirs.file there is no file nope');
		const {services, idle, profiles} = read('services: {a: {image: i, profiles: [x]}, b: {image: i, profiles: y}}', {
			profiles: ['x'],
		});
		expect([services.map(({key}) => key), idle, profiles]).toEqual([['a'], ['my-shop_b'], ['x', 'y']]);
	});
	test('all', () => {
		expect(read('services: {a: {image: i, profiles: [x]}, b: {image: i}}', {profiles: ['*']}).idle).toEqual([]);
	});
	refused(
		'none is left',
		'services: {a: {image: i, profiles: [x]}}',
		'usage: services has none to run: all are of profiles that are not asked for (x)',
	);
});

test('what an engine does in its own way is left out, and said', () => {
	const {leftOut} = waysOf({name: 'k8s:a'});
	const service = (deploy: string) => `services: {web: {image: i, logging: {driver: x}, deploy: {${deploy}}}}`;
	const {services, notes} = read(service('restart_policy: {delay: 5s, max_attempts: 3}, rollback_config: '), {leftOut});
	expect(services[0]?.patch).toMatchObject({restart: {maxAttempts: 3}});
	expect(JSON.stringify(services[0]?.patch)).not.toMatch(/delay|log/);
	expect(notes.map(note => note.split(':')[0])).toEqual([
		'services.web.logging',
		'services.web.deploy.restart_policy.delay',
	]);
	expect(read(service('mode: global'), {leftOut: {}}).notes).toEqual([]);
});

test('what is exposed is a port of the cluster, where that is how it is found', () => {
	const text = 'services: {db: {image: i, ports: ["8080:80", "9:9"], expose: [80, "9", 6379-6380/tcp]}}';
	const [db] = read(text, {exposesPorts: true}).services;
	const patch = db?.patch as {ports?: ReadonlyArray<{published: number; target: number}>} | undefined;
	expect(patch?.ports?.map(({published, target}) => `${published}:${target}`)).toEqual([
		...['8080:80', '9:9', '80:80', '6379:6379', '6380:6380'],
	]);
	expect(read(text).notes).toEqual(['services.db.expose: what is on the same network reaches every port']);
	expect(() => read('services: {db: {image: i, expose: [x]}}', {exposesPorts: true})).toThrow(
		'services.db.expose[0] must be a port such as 6379, found "x"',
	);
});

test('what a file is called: as asked, as it says itself, as its folder', () => {
	const services = 'services: {web: {image: i}}';
	expect(read(`name: own\n${services}`, {name: 'asked'}).name).toBe('asked');
	expect(read(`name: own\n${services}`).name).toBe('own');
	expect(read(services).name).toBe('my-shop');
	expect(read(services, {separator: '-', wordOf: key => key}).services[0]?.name).toBe('my-shop-web');
});

test('what it has besides services', () => {
	const {networks, volumes, configs, secrets} = read(`
services: {web: {image: i, networks: [front]}}
networks: {front: {driver: overlay, internal: true, ipam: {config: [{subnet: 10.1.0.0/24, gateway: 10.1.0.1}]}}, unused: }
volumes: {data: {driver: local, driver_opts: {type: nfs}, labels: [a=b]}}
configs: {app: {file: ./app.conf}, said: {content: "level=$LEVEL"}}
secrets: {key: {environment: TOKEN}}
`);
	const subnets = [{subnet: '10.1.0.0/24', gateway: '10.1.0.1'}];
	const spec = {driver: 'overlay', internal: true, subnets, labels: {}};
	expect(networks).toEqual([{key: 'front', name: 'my-shop_front', isExternal: false, spec}]);
	expect(volumes[0]?.spec).toEqual({driver: 'local', options: {type: 'nfs'}, labels: {a: 'b'}});
	expect(configs.map(({content}) => content)).toEqual(['colour=red\n', 'level=debug']);
	expect(secrets.map(({content}) => content)).toEqual(['hunter2']);
});

describe('variables', () => {
	test.each([
		[`$LEVEL \${LEVEL} $$LEVEL`, 'debug debug $LEVEL'],
		[`\${NO:-a} \${EMPTY:-b} \${EMPTY-c} \${NO-d}`, 'a b  d'],
		[`\${LEVEL:+e} \${NO:+f} \${EMPTY+g}`, 'e  g'],
		[`\${NO:-\${ALSO:-deep}}`, 'deep'],
		['a } b', 'a } b'],
	])('%s', (template, expected) => {
		const {configs} = read(`services: {web: {image: i}}\nconfigs: {c: {content: '${template}'}}`);
		expect(configs[0]?.content).toBe(expected);
	});
	test('one that is not set is empty, and said once', () => {
		const {notes} = read('services: {web: {image: i, user: "$NO", hostname: "x$NO"}}');
		expect(notes).toEqual(['NO: is not set, and taken as empty']);
	});
	refused(
		'one that is needed',
		`services: {web: {image: "\${NO:?say which}"}}`,
		'usage: services.web.image needs the variable NO: say which',
	);
	refused(
		'a brace too few, and a $ alone',
		`services: {web: {image: i, user: "\${LEVEL", hostname: "5 $"}}`,
		`usage: services.web.user has a \${ without its } in "\${LEVEL"\nservices.web.hostname has a $ that begins no variable in "5 $": $$ is one`,
	);
});

describe('what is refused', () => {
	refused(
		'a word that is none',
		'services: {web: {image: i, prots: [1]}}',
		'usage: services.web.prots is not known here; did you mean ports?',
	);
	refused(
		'words that every object knows',
		'services: {web: {image: i, toString: 1, restart: constructor, deploy: {mode: valueOf}}}',
		`usage: services.web.deploy.mode must be one of replicated, global, replicated-job, global-job, found "valueOf"
services.web.restart must be one of no, always, on-failure, unless-stopped, found "constructor"
services.web.toString is not known here`,
	);
	refused(
		'what no cluster gives',
		'services: {web: {image: i, privileged: true, network_mode: host}}',
		'usage: services.web.privileged is not given to services of a cluster\nservices.web.network_mode is not known: networks are',
	);
	refused(
		'nothing to run',
		'services: {web: {build: .}}',
		'usage: services.web.image is missing: images are not built here',
	);
	refused(
		'names that the file does not have',
		'services: {web: {image: i, networks: [a], volumes: ["b:/b"], configs: [c], secrets: [d]}}',
		`usage: services.web.networks.a is not among the file's networks
services.web.volumes[0] b is not among the file's volumes
services.web.configs[0] "c" is not among the file's configs
services.web.secrets[0] "d" is not among the file's secrets`,
	);
	refused(
		'values',
		'services: {web: {image: i, ports: [{published: 8}, "x:y"], deploy: {replicas: many, mode: glob}, healthcheck: {interval: 5s}, tty: maybe}}',
		`usage: services.web.deploy.mode must be one of replicated, global, replicated-job, global-job, found "glob"
services.web.deploy.replicas must be a whole number from 0, found "many"
services.web.ports[0].target is missing
services.web.ports[1] "x:y" is not a port to publish such as 8080:80, 127.0.0.1:8080:80 or 80 (a free one for port 80); ports go from 1 to 65535
services.web.tty must be true or false, found "maybe"
services.web.healthcheck.test is missing: the times alone check nothing`,
	);
	refused(
		'files that are not there',
		'services: {web: {image: i, env_file: nope.env}}\nconfigs: {a: {file: nope}, b: }\nsecrets: {c: {environment: NOPE}}',
		`usage: configs.a.file there is no file nope
configs.b needs one of file, environment, content, or external: true
secrets.c.environment the variable NOPE is not set
services.web.env_file there is no file nope.env`,
	);
	refused(
		'a name that is none',
		'name: Shop!\nservices: {web: {image: i}}',
		'usage: name must be a name of a-z, 0-9 and "-" that begins and ends with a letter or digit of at most 63 characters, found "Shop!"',
	);
	refused(
		'owners of files on Kubernetes',
		'services: {web: {image: i, configs: [{source: a, uid: "5", gid: "6"}]}}\nconfigs: {a: {content: x}}',
		`usage: services.web.configs[0].uid is not set: in Kubernetes root owns such files, and mode says who may read them
services.web.configs[0].gid is not set: in Kubernetes root owns such files, and mode says who may read them`,
		{files: waysOf({name: 'k8s:a'}).files},
	);
	refused(
		'a driver of volumes that nodes make by themselves',
		'services: {web: {image: i}}\nvolumes: {data: {driver: nfs}, plain: , other: {driver: nfs, external: true}}',
		'usage: volumes.data is made where it is first mounted: create it with its driver, and name it as external',
		{makesVolumes: false},
	);
	refused(
		'names that are one where names have no underscores',
		'services: {web: {image: i}}\nconfigs: {a_b: {content: x}, a-b: {content: y}}',
		'usage: configs.a-b would be called my-shop-a-b here, as configs.a_b is',
		{separator: '-', wordOf: waysOf({name: 'local'}).wordOf},
	);
});

test('what is a Compose file, and what is none', () => {
	expect(isCompose({services: {}})).toBe(true);
	expect(isCompose({kind: 'Deployment', services: {}})).toBe(false);
	expect(isCompose([{services: {}}])).toBe(false);
	expect(isCompose(undefined)).toBe(false);
	expect(isCompose({include: ['a.yaml']})).toBe(true);
});

test('an anchor is taken over, and a mode is octal', () => {
	const [document] = parseCompose('a: &a {x: 1}\nb: {<<: *a, mode: 0440, port: 8080}');
	expect(document).toMatchObject({b: {x: 1, mode: 0o440, port: 8080}});
});
