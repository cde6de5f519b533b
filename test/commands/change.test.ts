import {describe, expect, test} from 'vitest';
import {afterChange} from '../../source/commands/running/run-action.ts';
import type {Backend} from '../../source/core/backend.ts';
import {ClusterError, toClusterError} from '../../source/core/error.ts';
import {allFacets} from '../actions/plan-text.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createScriptedCluster, type ScriptedCluster} from '../helpers/scripted-cluster.ts';
import {type Given, run} from './run.ts';

const cluster = `
	at 60s
	node n1 cpus 8 · node n2 cpus 8
	service web replicas 2 · service global global · service api replicas 1
	instance web.1 on n1 running id i-aaaa1 · instance web.2 on n2 running id i-bbbb2
`;

function check(name: string, line: string | readonly string[], expected: string, given: Given = {}) {
	test(name, async () => {
		const {code, stdout, stderr, writes, journal} = await run(line, {cluster, ...given});
		const parts = [`exit ${code}`, stdout, stderr, ...writes, ...journal.map(entry => `journal ${entry}`)];
		expect(
			parts
				.map(part => part.trimEnd())
				.filter(Boolean)
				.join('\n'),
		).toBe(expected);
	});
}

describe('without waiting', () => {
	check(
		'scale',
		'scale web=5 api=2 -d',
		`exit 0
web
api
apply service web {"replicas":5}
apply service api {"replicas":2}
journal ann: muster service scale web=5
journal ann: muster service scale api=2`,
	);
	check(
		'cordon',
		'node cordon n1 n2',
		`exit 0
n1
n2
apply node n1 {"availability":"cordoned","drainDeadlineAt":null}
apply node n2 {"availability":"cordoned","drainDeadlineAt":null}
journal ann: muster node cordon n1
journal ann: muster node cordon n2`,
	);
	check(
		'label',
		'node label n1 zone=a',
		`exit 0
n1
apply node n1 {"labels":{"zone":"a"}}
journal ann: muster node label n1 zone=a`,
	);
	check(
		'an effect',
		'instance kill web.1 --yes',
		`exit 0
web.1
journal ann: muster instance kill web.1`,
		{facets: allFacets},
	);
	check(
		'what is made from a folder is named after it',
		'image add apps/mine',
		'exit 0\nmine\njournal ann: muster image add /home/ann/apps/mine',
		{facets: allFacets},
	);
	check(
		'by the beginning of an id',
		'instance kill i-aa --yes',
		'exit 0\nweb.1\njournal ann: muster instance kill web.1',
		{
			facets: allFacets,
		},
	);
	check(
		'not by so few letters of it',
		'instance kill i-a --yes',
		'exit 3\nmuster instance kill: There is no instance "i-a".\nmuster instance ls shows what there is',
		{facets: allFacets},
	);
});

describe('before anything is changed', () => {
	check('a name must be whole', 'scale we=3', 'exit 3\nmuster scale: There is no service "we".\nDid you mean web?');
	check(
		'of several the second is wrong',
		'scale web=5 nope=2',
		'exit 3\nmuster scale: There is no service "nope".\nmuster service ls shows what there is',
	);
	// The first was made, and the second told that somebody else had changed the service.
	check(
		'the same is named twice',
		'scale web=5 web=6',
		'exit 2\nmuster scale: The service web is named twice.\nmuster scale --help tells what is allowed',
	);
	check(
		'a number is wrong',
		'scale web=-1',
		'exit 2\nmuster scale: web=-1: "-1" is not a whole number from 0 to 100000.\nmuster scale --help tells what is allowed',
	);
	// It reads like one more, and was taken for one.
	check(
		'a number has a sign',
		'scale web=+1',
		'exit 2\nmuster scale: web=+1: "+1" is not a whole number from 0 to 100000.\nmuster scale --help tells what is allowed',
	);
	check(
		'no number',
		'scale web',
		'exit 2\nmuster scale: "web" is not SERVICE=REPLICAS, such as web=5.\nmuster scale --help tells what is allowed',
	);
	check(
		'a name at the beginning of a sentence stays as it is written',
		'rollout promote web',
		'exit 4\nmuster rollout promote: web has no canaries.',
	);
	check(
		'cannot be scaled',
		'scale global=3',
		'exit 4\nmuster scale: global is a global service: it runs one instance on each node, and cannot be scaled.',
	);
	check(
		'the engine cannot',
		'node fail n1 --yes',
		"exit 8\nmuster node fail: Local cannot fail a node on purpose: only the local engine's nodes are its own.",
	);
	check('read-only', 'scale web=5 --read-only', 'exit 6\nmuster scale: Nothing is changed with --read-only.');
	check(
		'not found comes before read-only',
		'scale nope=5 --read-only',
		'exit 3\nmuster scale: There is no service "nope".\nmuster service ls shows what there is',
	);
	check(
		'nobody can be asked',
		'service rm web',
		`exit 6
muster service rm: This wants to be confirmed: Remove the service web, which stops 0 instances?
There is no terminal to ask on: confirm it with --yes.`,
	);
	check(
		'not found comes before the question',
		'service rm nope',
		'exit 3\nmuster service rm: There is no service "nope".\nmuster service ls shows what there is',
	);
	check(
		'no',
		'scale web=0',
		`exit 6
Scale web to 0, which stops 0 instances? [y/N] muster scale: Not confirmed: nothing was changed.`,
		{columns: 80, answer: ''},
	);
	check(
		'daemon stop --all asks',
		'daemon stop --all',
		`exit 6
muster daemon stop: This wants to be confirmed: Stop the daemon, the agents, the gateway and all instances?
There is no terminal to ask on: confirm it with --yes.`,
	);
	check(
		'a daemon is never that of another cluster',
		'-c local:away daemon stop',
		'exit 8\nmuster daemon stop: This is about the daemon of this machine, not that of local:away.',
	);
	check('daemon stop does not', 'daemon stop', 'exit 0\nThe daemon is stopped; instances and gateway go on.');
});

describe('dry run', () => {
	check(
		'says what would happen',
		'scale web=3 --dry-run',
		`exit 0
muster service scale web=3
  1 new (n1 +1), nothing stops`,
	);
	check(
		'of what changes nothing that is stored says what is to be done, not that it was',
		'instance kill web.1 --dry-run',
		'exit 0\nmuster instance kill web.1\n  send SIGKILL to web.1',
		{facets: allFacets},
	);
	test('needs no answer, and is data where that is asked', async () => {
		const {code, stdout, stderr, writes} = await run('node drain n1 --dry-run -o json', {cluster});
		expect([code, stderr, writes]).toEqual([0, '', []]);
		expect(JSON.parse(stdout)).toMatchObject([
			{
				command: 'muster node drain n1',
				steps: [{type: 'apply', patch: {availability: 'drained'}}],
				preview: {summary: expect.any(String)},
			},
		]);
	});
});

describe('waiting', () => {
	const become = (text: string) => (scripted: ScriptedCluster) => {
		const {services, instances, nodes} = readCluster(text);
		scripted.put(...services, ...nodes, ...instances);
	};

	check(
		'until it is reached',
		'scale web=3',
		`exit 0
web
web: 3 of 3 running
apply service web {"replicas":3}
journal ann: muster service scale web=3`,
		{recorded: become('node n1 · service web replicas 3 · instance web.3 on n1 running id i-cccc3')},
	);
	check(
		'progress is drawn on a terminal, and taken away',
		'scale web=3',
		`exit 0
web
█████████████░░░░░░░ web: 2 of 3 running
\x1b[1A\r\x1b[Jweb: 3 of 3 running
apply service web {"replicas":3}
journal ann: muster service scale web=3`,
		{columns: 80, drawn: become('node n1 · service web replicas 3 · instance web.3 on n1 running id i-cccc3')},
	);
	check(
		'until it is given up',
		'scale web=1',
		`exit 1
web
muster scale: web: 0 of 1 running; web.1: exit code 3, not restarted: its restart condition is none.
apply service web {"replicas":1}
journal ann: muster service scale web=1`,
		{
			cluster: 'node n1 · service web replicas 2 restart none',
			recorded: become(
				'node n1 · service web replicas 1 restart none · instance web.1 on n1 failed because "exit code 3"',
			),
		},
	);
	check(
		'until the time is over',
		'scale web=3 --timeout 100ms',
		`exit 7
web
muster scale: Not reached within 100ms: web: 2 of 3 running.
apply service web {"replicas":3}
journal ann: muster service scale web=3`,
	);
	const ctrlC = new AbortController();
	check(
		'until ctrl-c',
		'scale web=3',
		`exit 130
web
█████████████░░░░░░░ web: 2 of 3 running
\x1b[1A\r\x1b[Jweb: 2 of 3 running
The change stays, and goes on without this command.
apply service web {"replicas":3}
journal ann: muster service scale web=3`,
		{columns: 80, interrupted: ctrlC.signal, drawn: () => ctrlC.abort()},
	);
	check('for a state', 'wait service web --for healthy --timeout 5s', 'exit 0\nweb: 2 of 2 running');
	check('for a removal', 'wait service nope --for removed', 'exit 0');
	check(
		'for a node',
		'wait node n1 --for down --timeout 50ms',
		'exit 7\nmuster wait: Not reached within 50ms: n1 is not down yet.',
	);
	check('quietly', 'wait service web -q', 'exit 0');

	test('though the engine is away just when it is first asked', async () => {
		const {services, nodes, instances} = readCluster(cluster);
		const engine = createScriptedCluster([...services, ...nodes, ...instances]);
		engine.disconnect();
		const list: Backend['list'] = (query, signal) => {
			const answer = engine.list(query, signal);
			engine.connect();
			return answer;
		};
		expect(await run('wait service web --timeout 5s', {open: async () => ({...engine, list})})).toMatchObject({
			code: 0,
			stderr: 'web: 2 of 2 running\n',
		});
	});
});

test('an engine that goes away after a change has the change', () => {
	const told = (code: 'unreachable' | 'failed') =>
		toClusterError(afterChange(new ClusterError(code, 'nobody answers'))).message;
	expect([told('unreachable'), told('failed')]).toEqual([
		'the change was made; how far it has come is not known: nobody answers',
		'nobody answers',
	]);
});

test('what is undone is named as in what was done', async () => {
	const {entries} = await run('scale web=5 -d', {cluster});
	const undone = await run('undo -d', {cluster: cluster.replace('replicas 2', 'replicas 5'), entries});
	expect(undone).toMatchObject({code: 0, stdout: 'web\n'});
});
