import {expect, test} from 'vitest';
import {run} from './run.ts';

const request = {instances: 200, nodes: 12, changesPerSecond: 20, seed: 1, readOnly: false, colour: true, mouse: true};

test('shows the demo as asked', async () => {
	const {code, stdout} = await run('demo', {columns: 80, answer: ''});
	expect([code, stdout]).toEqual([0, `the demo ${JSON.stringify(request)}`]);
	const other = await run('demo --instances 5 --nodes=1 --changes 0 --seed 7 --read-only --no-color --no-mouse', {
		columns: 80,
		answer: '',
	});
	const asked = {instances: 5, nodes: 1, changesPerSecond: 0, seed: 7, readOnly: true, colour: false, mouse: false};
	expect(other.stdout).toBe(`the demo ${JSON.stringify(asked)}`);
});

test('needs a terminal, and takes no nonsense', async () => {
	const {code, stderr} = await run('demo');
	expect([code, stderr]).toEqual([8, 'muster demo: There is no terminal to show the dashboard on.\n']);
	const wrong = await run('demo --nodes 0', {columns: 80, answer: ''});
	expect([wrong.code, wrong.stderr.split('\n')[0]]).toEqual([
		2,
		'muster demo: --nodes: "0" is not a whole number from 1 to 5000.',
	]);
});
