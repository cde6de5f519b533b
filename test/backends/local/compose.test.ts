import {afterAll, beforeAll, expect, test} from 'vitest';
import {type Ran, run} from '../../commands/run.ts';
import {type LocalEngine, localEngine} from '../../helpers/local-engine.ts';

// A Compose file on real processes: made, changed, taken back, and gone.

let engine: LocalEngine;
beforeAll(() => {
	engine = localEngine();
});
afterAll(async () => engine.end());

const compose = (colour: string, replicas: number) => `
name: shop
x-base: &base {environment: {COLOUR: ${colour}}}
services:
  web:
    <<: *base
    image: exec:sleep
    command: '1000'
    configs: [colour]
    stop_grace_period: 1s
    deploy: {replicas: ${replicas}}
  db:
    image: exec:sleep
    command: ['1000']
    volumes: ['data:data']
    secrets: [key]
    stop_grace_period: 1s
volumes: {data: }
configs: {colour: {content: ${colour}}}
secrets: {key: {environment: KEY}}
`;

async function muster(line: string, text: string, entries: Ran['entries'] = []): Promise<Ran> {
	const files = {'/home/ann/compose.yaml': text};
	return run(line, {open: async () => engine.open(), files, env: {KEY: 'hunter2'}, entries});
}

async function named(kind: string): Promise<string> {
	return (await muster(`${kind} ls -o name`, '')).stdout.trim().replaceAll('\n', ' ');
}

test('made, the same again, changed, taken back, and gone', {timeout: 120_000}, async () => {
	const red = compose('red', 2);
	const made = await muster('stack apply', red);
	expect(made).toMatchObject({code: 0, stdout: 'shop\n'});
	expect(made.stderr).toBe(
		`network shop-default created
volume shop-data created
config shop-colour created
secret shop-key created
service shop-web created
service shop-db created
shop-web: 2 of 2 running; shop-db: 1 of 1 running
`,
	);
	expect(await muster('stack diff', red)).toMatchObject({code: 0, stdout: ''});
	expect((await muster('apply -f compose.yaml', red)).stderr).toBe(
		`left as it is: secret shop-key; \`muster secret rotate shop-key FILE\` gives it new content
All of it is as the file asks for.
shop-web: 2 of 2 running; shop-db: 1 of 1 running
`,
	);

	const blue = compose('blue', 1);
	const before = await muster('diff -f compose.yaml', blue);
	expect(before).toMatchObject({
		code: 10,
		stdout: `config shop-colour would be changed
  data.data: "red" → "blue"
service shop-web would be changed
  replicas: 2 → 1
  template.env.COLOUR: "red" → "blue"
`,
	});
	const changed = await muster('stack apply', blue);
	expect(changed.code).toBe(0);
	const undone = await muster('undo', '', changed.entries);
	expect(undone).toMatchObject({code: 0, stderr: expect.stringContaining('shop-web: 2 of 2 running')});
	expect(await muster('stack diff', red)).toMatchObject({code: 0, stdout: ''});

	const alone = red.replace(/ {2}db:[\s\S]*?(?=volumes: \{data: \})/, '');
	expect((await muster('stack apply', alone)).stderr).toContain('no longer in the file, and left: shop-db');
	expect((await muster('stack apply --prune', alone)).code).toBe(6);
	expect((await muster('stack apply --prune --yes', alone)).code).toBe(0);
	expect(await named('service')).toBe('shop-web');

	expect(await muster('stack rm --yes shop', red)).toMatchObject({code: 0, stdout: 'shop\n'});
	for (const kind of ['service', 'network', 'config', 'secret']) expect(await named(kind)).toBe('');
	expect(await named('volume')).toBe('shop-data');
});

test('all of it is taken back, what services use once they have stopped', {timeout: 60_000}, async () => {
	const made = await muster('stack apply', compose('red', 1));
	const would = await muster('undo --dry-run', '', made.entries);
	expect(
		would.stdout
			.replaceAll(/\(.*\)/g, '(…)')
			.split('\n')
			.slice(1, -1),
	).toEqual([
		...[
			'  5 changes, the last one first',
			'     service shop-db  goes: 1 stops (…)',
			'     service shop-web  goes: 1 stops (…)',
		],
		...['     wait until its services have stopped  ', '     secret shop-key  goes', '     config shop-colour  goes'],
		...['     network shop-default  goes'],
	]);
	const undone = await muster('undo --yes', '', made.entries);
	expect(undone.stderr).not.toContain('used by');
	expect(undone.code).toBe(0);
	for (const kind of ['service', 'network', 'config', 'secret']) expect(await named(kind)).toBe('');
});

test('a service of that name that is not of the stack is left alone', {timeout: 60_000}, async () => {
	expect((await muster('service create --name shop-web --replicas 0 exec:sleep 1', '')).code).toBe(0);
	const refused = await muster('stack apply', compose('red', 1));
	expect([refused.code, refused.stderr.split('\n')[0]]).toEqual([
		...[4, 'muster stack apply: services.web: there is a service shop-web already, which is not of the stack shop.'],
	]);
	expect(await named('network')).toBe('');
});
