import {describe, expect, test} from 'vitest';
import {ClusterError} from '../../source/core/error.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {aNode, anEvent, aService} from '../helpers/objects.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {type Given, run} from './run.ts';

const cluster = `
	at 3600s
	node n1 cpus 8 memory 16GiB zone=a · node n2 cordoned · node n3 down
	service web replicas 3 health port 8080:80 · service api · service batch job 5
	instance web.1 on n1 running healthy at 60s id i-aaaa1
	instance web.2 on n2 running unhealthy at 3590s id i-bbbb2
	instance web.3 pending because "no node has room" at 3500s id i-cccc3
	instance api.1 on n1 failed exit 3 because "exit code 3" at 3599s id i-dddd4
`;

async function out(line: string | readonly string[], given: Given = {}): Promise<string> {
	const {stdout, stderr, code} = await run(line, {cluster, ...given});
	expect(stderr).toBe('');
	expect(code).toBe(0);
	return stdout;
}

/** How it is refused: exit status and standard error. */
async function refusal(line: string | readonly string[], given: Given = {}): Promise<string> {
	const {stdout, stderr, code} = await run(line, {cluster, ...given});
	expect(stdout).toBe('');
	return `${code} ${stderr.trimEnd()}`;
}

describe('tables', () => {
	test('services', async () => {
		expect(await out('service ls')).toMatchInlineSnapshot(`
			"ID        NAME   MODE        REPLICAS  HEALTHY  IMAGE   PORTS  AGE  MESSAGE
			api-id    api    replicated  0/0             0  nodejs  -      60m  -
			batch-id  batch  job         0/0 done        0  nodejs  -      60m  -
			web-id    web    replicated  0/0             0  nodejs  -      60m  -
			"
		`);
	});
	test('instances', async () => {
		expect(await out('ps')).toMatchInlineSnapshot(`
			"ID       NAME   IMAGE  NODE  DESIRED  STATE    HEALTH     SINCE  ENDPOINTS  REASON
			i-dddd4  api.1  -      n1    running  failed   -             1s  -          exit code 3
			i-aaaa1  web.1  -      n1    running  running  healthy      59m  -          -
			i-bbbb2  web.2  -      n2    running  running  unhealthy    10s  -          -
			i-cccc3  web.3  -      -     running  pending  -           100s  -          no node has room
			"
		`);
	});
	test('of one service, wide, without titles', async () => {
		expect(await out('ps web --no-headers -o wide')).toMatchInlineSnapshot(`
			"i-aaaa1  web.1  -  n1  running  running  healthy     59m  -  0  -  -  -  1  -
			i-bbbb2  web.2  -  n2  running  running  unhealthy   10s  -  0  -  -  -  1  -
			i-cccc3  web.3  -  -   running  pending  -          100s  -  0  -  -  -  1  no node has room
			"
		`);
	});
	test('nodes', async () => {
		expect(await out('node ls')).toMatchInlineSnapshot(`
			"ID     NAME  STATUS  AVAILABILITY  INSTANCES  CPUS      MEMORY  AGE  MESSAGE
			n1-id  n1    ready   active                1   0/8  0 B/16 GiB  60m  -
			n2-id  n2    ready   cordoned              1   0/8  0 B/16 GiB  60m  -
			n3-id  n3    down    active                0   0/8  0 B/16 GiB  60m  -
			"
		`);
	});
	test('nodes that have roles', async () => {
		const nodes = [
			aNode('n1', {role: 'manager', manager: {isLeader: true, isReachable: true}}),
			aNode('n2', {role: 'manager', manager: {isLeader: false, isReachable: false}}),
			aNode('n3', {role: 'worker'}),
		];
		const open = async () => createScriptedCluster(nodes);
		const columns = (await out('node ls', {open})).split('\n').map(line => line.split(/ {2,}/)[4]);
		expect(columns.slice(0, 4)).toEqual(['ROLE', 'leader', 'manager, unreachable', 'worker']);
	});
	test('what is on nodes', async () => {
		expect(await out('node ps n1 --format {{.name}}')).toBe('api.1\nweb.1\n');
	});
	test('nothing', async () => {
		expect(await out('service ls', {cluster: ''})).toMatchInlineSnapshot(`
			"ID  NAME  MODE  REPLICAS  HEALTHY  IMAGE  PORTS  AGE  MESSAGE
			"
		`);
	});
	test('on a narrow terminal the reason gives way, in colour', async () => {
		expect(await out('ps web', {columns: 100})).toMatchInlineSnapshot(`
			"ID       NAME   IMAGE  NODE  DESIRED  STATE    HEALTH     SINCE  ENDPOINTS  REASON
			i-aaaa1  web.1  -      n1    running  [32mrunning[0m  [32mhealthy  [0m    59m  -          -
			i-bbbb2  web.2  -      n2    running  [32mrunning[0m  [31munhealthy[0m    10s  -          -
			i-cccc3  web.3  -      -     running  [33mpending[0m  -           100s  -          no node has room
			"
		`);
	});
	test('a terminal that is too narrow takes from the widest of what can shrink', async () => {
		expect(await out('ps web --no-color', {columns: 72})).toMatchInlineSnapshot(`
			"ID       NAME   IMAGE  NODE  DESIRED  STATE    HEALTH     SINCE  ENDPOINTS  REASON
			i-aaaa1  web.1  -      n1    running  running  healthy      59m  -          -
			i-bbbb2  web.2  -      n2    running  running  unhealthy    10s  -          -
			i-cccc3  web.3  -      -     running  pending  -           100s  -          no node has room
			"
		`);
	});
	test('without colour where it is not wanted', async () => {
		const plain = await out('ps web --no-color', {columns: 100});
		expect(plain).not.toContain('\x1b');
		expect(await out('ps web', {columns: 100, env: {NO_COLOR: '1'}})).toBe(plain);
		expect(await out('ps web', {columns: 100, env: {TERM: 'dumb'}})).toBe(plain);
	});
	test('the start page where there is no terminal', async () => {
		expect(await out([])).toMatch(/^ID +NAME +MODE[\s\S]*\n\nID +NAME +STATUS/);
	});
	test('the dashboard on a terminal', async () => {
		expect(await out([], {columns: 80, answer: ''})).toBe('the dashboard');
	});
});

describe('other formats', () => {
	test('ids', async () => {
		expect(await out('ps web -q')).toBe('i-aaaa1\ni-bbbb2\ni-cccc3\n');
	});
	test('names', async () => {
		expect(await out('services -o name')).toBe('api\nbatch\nweb\n');
	});
	test('a line each', async () => {
		const lines = (await out('ps -o ndjson'))
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line));
		expect(lines.map(({name}) => name)).toEqual(['api.1', 'web.1', 'web.2', 'web.3']);
	});
	test('JSON carries what is promised', async () => {
		const [service] = JSON.parse(await out('service ls -o json')).slice(-1);
		expect(service).toMatchObject({
			id: 'web-id',
			name: 'web',
			context: 'local',
			image: 'nodejs',
			spec: {mode: 'replicated', replicas: 3},
			status: {desired: expect.any(Number), running: expect.any(Number), healthy: expect.any(Number)},
		});
		const instances = JSON.parse(await out('ps -o json'));
		expect(instances[0]).toMatchObject({
			id: 'i-dddd4',
			name: 'api.1',
			service: 'api',
			slot: 1,
			node: 'n1',
			state: 'failed',
			desired: 'running',
			health: 'none',
			exitCode: 3,
			reason: 'exit code 3',
			endpoints: [],
		});
		expect(instances[1]).toMatchObject({startedAt: '1970-01-01T00:01:00.000Z', exitCode: null, health: 'healthy'});
		const [node] = JSON.parse(await out('node ls -o json'));
		expect(node).toMatchObject({
			name: 'n1',
			status: 'ready',
			availability: 'active',
			instances: 1,
			capacity: {cpus: 8, memoryBytes: 17_179_869_184},
			reserved: {cpus: 0, memoryBytes: 0},
		});
	});
	test('YAML', async () => {
		expect(await out('node inspect n2 -o yaml')).toContain('- id: n2-id\n  name: n2\n');
	});
	test('templates', async () => {
		expect(
			await out(['ps', 'web.1'.slice(0, 1), '--format', '{{.Name}}\\t{{.node}} {{json .endpoints}} {{.exitCode}}']),
		).toBe('web.1\tn1 [] \nweb.2\tn2 [] \nweb.3\t [] \n');
		expect(await out('ps api --format json')).toBe(await out('ps api -o json'));
	});
	test('inspect answers with a list', async () => {
		expect(JSON.parse(await out('service inspect web api')).map(({name}: {name: string}) => name)).toEqual([
			'web',
			'api',
		]);
	});
});

describe('names', () => {
	test('a beginning is enough to look', async () => {
		expect(await out('ps w -q')).toBe(await out('ps web -q'));
		expect(await out('instance inspect i-bb --format {{.name}}')).toBe('web.2\n');
	});
	test.each([
		['ps webb', '3 muster ps: There is no service "webb".\nDid you mean web?'],
		['ps zzz', '3 muster ps: There is no service "zzz".\nmuster service ls shows what there is'],
		[
			'node inspect n',
			'2 muster node inspect: "n" may be 3 nodes: n1, n2, n3.\nmuster node inspect --help tells what is allowed',
		],
		[
			'instance inspect i-',
			'2 muster instance inspect: "i-" may be 4 instances: api.1, web.1, web.2, web.3.\nmuster instance inspect --help tells what is allowed',
		],
	])('%s', async (line, expected) => {
		expect(await refusal(line)).toBe(expected);
	});
});

describe('refusals', () => {
	test.each([
		['-c prod ps', '3 muster ps: There is no context "prod".\nmuster context ls shows what there is'],
		['-c loca ps', '3 muster ps: There is no context "loca".\nDid you mean local?'],
		['-c swarm:prod ps', '8 muster ps: This version of muster has no engine for swarm: local is the only one.'],
		['--backend k8s ps', '8 muster ps: This version of muster has no engine for k8s: local is the only one.'],
		['-n prod ps', '8 muster ps: Local has no namespaces: leave --namespace out.'],
		['ps -q -o json', '2 muster ps: --output and --quiet do not go together.\nmuster ps --help tells what is allowed'],
		[
			'ps --format {{.a',
			'2 muster ps: --format: "{{.a" is not {{.name}} or {{json .name}}.\nmuster ps --help tells what is allowed',
		],
		[
			'ps --format {{a}}',
			'2 muster ps: --format: "{{a}}" is not {{.name}} or {{json .name}}.\nmuster ps --help tells what is allowed',
		],
		[
			'service inspect web -o table',
			'2 muster service inspect: -o table is not possible here: json, yaml, ndjson and name are allowed.\nmuster service inspect --help tells what is allowed',
		],
		[
			'ps -w -o json',
			'2 muster ps: --watch does not go with -o json: use -o ndjson, which is a line a change.\nmuster ps --help tells what is allowed',
		],
		['ps web extra --bogus', '2 muster ps: There is no flag --bogus.\nmuster ps --help tells what is allowed'],
		['exec web ls', '8 muster exec: Scripted 1 cannot run commands in instances.'],
		[
			'exec --read-only web ls',
			'6 muster exec: Not possible with --read-only: what runs in there may change anything.',
		],
		['health', '8 muster health: Scripted 1 cannot tell the state of its control plane.'],
		[
			'wait pod x',
			'2 muster wait: "pod" is not one of service, node, instance.\nmuster wait --help tells what is allowed',
		],
		[
			'wait service web --for ready',
			'2 muster wait: --for: a service does not become ready, but healthy, running, completed, removed.\nmuster wait --help tells what is allowed',
		],
		[
			'ps --debug nope',
			'3 muster ps: There is no service "nope".\nmuster service ls shows what there is\nThe details are in /logs/debug.txt.',
		],
		[
			'logs web -c sidecar',
			'3 muster logs: There is no context "sidecar".\nName a container by --container sidecar: -c is --context.',
		],
		['apply -f nope.yaml', '3 muster apply: nope.yaml cannot be read: there is no such file.'],
		[
			'stack apply -f nope.yaml',
			'2 muster stack apply: --file: "nope.yaml" cannot be read: there is no such file.\nmuster stack apply --help tells what is allowed',
		],
		['ps -c sidecar', '3 muster ps: There is no context "sidecar".\nmuster context ls shows what there is'],
	])('%s', async (line, expected) => {
		expect(await refusal(line)).toBe(expected);
	});
	test('MUSTER_CONTEXT', async () => {
		expect(await refusal('ps', {env: {MUSTER_CONTEXT: 'prod'}})).toBe(
			'3 muster ps: There is no context "prod".\nmuster context ls shows what there is',
		);
		expect(await out('ps -q -c local', {env: {MUSTER_CONTEXT: 'prod'}})).not.toBe('');
	});
});

describe('hostile text', () => {
	const hostile = '\x1b]0;owned\x07\x1b[31mred\u202e\r\n\x9b2J\x07';
	const withHostile = {
		cluster: `${cluster}\n instance api.2 on n1 failed at 1s because "${hostile.replace(/\r?\n/g, ' ')}"`,
	};

	test.each(['ps', 'ps -o wide', 'ps -o json', 'ps -o yaml', 'ps -o ndjson'])('%s', async line => {
		const text = await out(line, withHostile);
		expect(text).toContain('red');
		expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
	});
	test('in a template and in arguments', async () => {
		expect(await out(['ps', 'api', '--format', '{{.reason}}'], withHostile)).not.toMatch(
			/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/,
		);
		const {stderr} = await run(['ps', hostile], {cluster});
		expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
		const {stderr: flag} = await run(['ps', `--${hostile}`], {cluster});
		expect(flag).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
	});
	test('JSON keeps it all the same', async () => {
		const [, api] = JSON.parse(await out('ps api -o json', withHostile));
		expect(api.reason).toBe(hostile.replace(/\r?\n/g, ' '));
	});
});

test('a service that is updated says besides what stands in its way', async () => {
	const ls = async (words: string) => (await run('service ls --no-headers', {cluster: `service web ${words}`})).stdout;
	expect(await ls('replicas 3 updating says "exceeded quota"')).toMatch(/ updating 0\/3 · exceeded quota\n$/);
	expect(await ls('replicas 3 paused says "rollout paused"')).toMatch(/ update paused 0\/\d\n$/);
});

test('a service whose next update would not begin says so', async () => {
	const web = aService('web');
	const cluster = createScriptedCluster([{...web, spec: {...web.spec, paused: true}}]);
	expect((await run('service ls', {open: async () => cluster})).stdout).toContain('updates are paused');
});

test('a service that lacks what was asked says what its instances say, and ps of one why it has none', async () => {
	const {services, instances, nodes} = readCluster(`at 10m · node n1 · service web desired 1 · service db desired 3
		instance web.1 on n1 preparing unhealthy because "ImagePullBackOff"`);
	const about = {kind: 'service', id: services[1]?.id ?? '', name: 'db'};
	const refused = anEvent('e', {name: 'FailedCreate', about, message: 'exceeded quota', createdAt: Date.now()});
	const open = async () => createScriptedCluster([...services, ...instances, ...nodes, refused]);
	const {stdout} = await run('service ls --no-headers', {open});
	expect(stdout.split('\n').map(line => line.trim().split(/ {2,}/).at(-1))).toEqual([
		'exceeded quota',
		'ImagePullBackOff',
		'',
	]);
	const ps = await run('ps db', {open});
	expect([ps.code, ps.stderr]).toEqual([0, 'db has no instance: exceeded quota\n']);
	expect((await run('ps web', {open})).stderr).toBe('');
	expect((await run('ps db -o json', {open})).stderr).toBe('');
});

describe('every context at once', () => {
	test('what stands and what does not', async () => {
		expect(await out('fleet')).toMatchInlineSnapshot(`
			"CONTEXT  ENGINE      NODES  SERVICES  INSTANCES  STATE
			local    scripted 1  2/3    3         0          1 of 3 nodes is not ready
			"
		`);
	});
	test('as data', async () => {
		expect(JSON.parse(await out('fleet -o json'))).toEqual([
			{
				name: 'local',
				figures: {engine: 'scripted 1', nodes: 3, nodesReady: 2, services: 3, servicesLacking: 0, instancesUp: 0},
				trouble: null,
			},
		]);
	});
	test('none can be reached', async () => {
		const open = () => Promise.reject(new ClusterError('unreachable', 'nothing listens there'));
		const {code, stdout} = await run('fleet', {open});
		expect([code, stdout.includes('nothing listens there')]).toEqual([5, true]);
	});
});
