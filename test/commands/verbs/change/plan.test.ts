import {describe, expect, test} from 'vitest';
import {run} from '../../run.ts';

const cluster = `
	at 60s
	node n1 cpus 8 · node n2 cpus 8
	service web replicas 2 · service api replicas 1
	instance web.1 on n1 running id i-aaaa1 · instance web.2 on n2 running id i-bbbb2
`;
const file = '/home/ann/a.plan';

type After = {
	/** The cluster by then. */
	readonly cluster?: string;
	/** What was done to the file meanwhile. */
	readonly edited?: (content: string) => string;
	readonly flags?: string;
};

/** What was said and written. */
function said({code, stdout, stderr, writes, journal}: Awaited<ReturnType<typeof run>>): string {
	const lines = [`exit ${code}`, stdout, stderr, ...writes, ...journal.map(entry => `journal ${entry}`)];
	return lines
		.map(part => part.trimEnd())
		.filter(Boolean)
		.join('\n');
}

function check(line: string, expected: string) {
	test(line, async () => {
		expect(said(await run(line, {cluster, written: {}, files: {app: 'x'}}))).toBe(expected);
	});
}

/** Keeps the plan of a command, and carries it out. */
function checkApplied(name: string, command: string, expected: string, after: After = {}) {
	test(name, async () => {
		const written: Record<string, string> = {};
		const kept = await run(`plan --out a.plan ${command}`, {cluster, written});
		expect(kept).toMatchObject({code: 10, writes: [], journal: []});
		const content = written[file] ?? '';
		const files = {[file]: after.edited?.(content) ?? content};
		const line = `apply --plan a.plan -d ${after.flags ?? ''}`;
		expect(said(await run(line, {cluster: after.cluster ?? cluster, files}))).toBe(expected);
	});
}

describe('shows what a command would do, and does nothing', () => {
	check(
		'plan scale web=3 api=1',
		`exit 10
muster service scale web=3
  1 new (n1 +1), nothing stops
muster service scale api=1
  nothing changes`,
	);
	check(
		'plan scale web=2',
		`exit 0
muster service scale web=2
  nothing changes
Nothing would change.`,
	);
	check(
		'plan node drain n2 --read-only',
		`exit 10
muster node drain n2
  1 instance of 1 service: 1 moves
     web  1 → n1 1  keeps 2 of 2 (new ones first)`,
	);
	check(
		'plan secret create --literal hunter2 key',
		`exit 10
muster secret create '--literal=(hidden)' key
  create secret key: {}`,
	);
});

describe('refuses', () => {
	const help = 'muster plan --help tells what is allowed';
	const example = 'A plan is made of a command that changes the cluster, such as `muster plan scale web=5`.';
	check('plan', `exit 2\nmuster plan: COMMAND is missing.\n${help}`);
	check('plan ps', `exit 2\nmuster plan: \`muster ps\` cannot be planned.\n${example}`);
	check('plan plan scale web=3', `exit 2\nmuster plan: \`muster plan\` cannot be planned.\n${example}`);
	check('plan service', `exit 2\nmuster plan: "service" is no whole command.\n${help}`);
	check('plan scale web=x', `exit 2\nmuster plan: web=x: "x" is not a whole number from 0 to 100000.\n${help}`);
	check(
		'plan --out a.plan secret create --literal hunter2 key',
		`exit 8
muster plan: A plan of it cannot be kept: a file would hold what the secret does.
Look at it with \`muster plan\` without --out.`,
	);
	check(
		'plan --out a.plan apply -f app',
		`exit 8
muster plan: A plan of manifests cannot be kept: the files themselves are it.
Keep the files; \`muster diff -f FILE\` shows what they would change.`,
	);
});

describe('a kept plan', () => {
	checkApplied(
		'is carried out, recorded as its command',
		'scale web=5',
		`exit 0
web
apply service web {"replicas":5}
journal ann: muster service scale web=5`,
	);
	checkApplied(
		'holds when only what runs has changed',
		'scale web=5',
		`exit 0
web
apply service web {"replicas":5}
journal ann: muster service scale web=5`,
		{cluster: cluster.replace('web.2 on n2 running', 'web.2 on n2 failed')},
	);
	checkApplied(
		'does not when what it is about has moved on',
		'scale web=5',
		`exit 4
muster apply: The plan does not hold any more: the service web has moved on: replicas was changed since.
Make a new one.`,
		{cluster: cluster.replace('web replicas 2', 'web replicas 4')},
	);
	checkApplied(
		'does not when that is gone, and changes nothing of the rest',
		'scale api=5 web=5',
		`exit 4
muster apply: The plan does not hold any more: the service web that it was made for is not there any more.
Make a new one.`,
		{cluster: 'at 60s\nservice api replicas 1'},
	);
	checkApplied(
		'creates nothing where there is one by now',
		'service create --name new nodejs',
		`exit 4
muster apply: The plan does not hold any more: there is a service new by now.
Make a new one.`,
		{cluster: `${cluster}\nservice new replicas 1`},
	);
	checkApplied(
		'asks what its command asks',
		'service rm api',
		`exit 6
muster apply: This wants to be confirmed: Remove the service api, which stops 0 instances?
There is no terminal to ask on: confirm it with --yes.`,
	);
	checkApplied(
		'counts a deadline from when it is begun',
		'node drain --deadline 5m n2',
		`exit 0
n2
apply node n2 {"availability":"drained","drainDeadlineAt":420000}
journal ann: muster node drain --deadline=5m n2`,
		{cluster: cluster.replace('at 60s', 'at 120s'), flags: '--yes'},
	);
	checkApplied(
		'is only shown with --dry-run',
		'scale web=3',
		`exit 0
muster service scale web=3
  1 new (n1 +1), nothing stops`,
		{flags: '--dry-run'},
	);
	checkApplied(
		'of another context stays there',
		'scale web=3',
		`exit 4
muster apply: The plan was made for swarm:x, and this is local.
muster -c swarm:x apply --plan a.plan`,
		{edited: content => content.replace('"context": "local"', '"context": "swarm:x"')},
	);
	checkApplied(
		'is looked at before it is believed',
		'scale web=3',
		`exit 2
muster apply: a.plan.changes[0].steps[0].type must be one of apply, remove, found "effect"
a.plan.changes[0].steps[0] has an unknown member "patch"; known are type, ref, cascade, ifRevision, inverse.
muster apply --help tells what is allowed`,
		{edited: content => content.replace('"type": "apply"', '"type": "effect"')},
	);
	checkApplied(
		'is none when it is cut off',
		'scale web=3',
		`exit 2
muster apply: a.plan is no plan that this version of muster has saved.
muster apply --help tells what is allowed`,
		{edited: content => content.slice(0, 100)},
	);
});
