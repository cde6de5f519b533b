import {expect, test} from 'vitest';
import type {Instance} from '../../../source/core/model/index.ts';
import {ownRun, runBeside, type ShownRun} from '../../../source/views/logs/runs.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {openUi} from '../../helpers/ui.ts';

/** Runs from the newest, the subject of the logs in brackets; strokes of p and P → what is shown after each. */
function check(name: string, ids: string, strokes: string, expected: string, {restarts = 0} = {}) {
	test(name, () => {
		const runs = ids
			.split(' ')
			.filter(id => id !== '')
			.map((id, index) => ({id: id.replaceAll(/[[\]]/g, ''), restarts, createdAt: -index}) as Instance);
		const subject = runs.find(({id}) => ids.includes(`[${id}]`)) ?? ({id: 'gone', restarts, createdAt: 1} as Instance);
		let shown: ShownRun = ownRun;
		const seen = [...strokes].map(stroke => {
			const next = runBeside(runs, subject, shown, stroke === 'p' ? 1 : -1);
			shown = next ?? shown;
			const {run = subject, back, isPrevious} = next ?? shown;
			return next === undefined ? 'none' : `${run.id}${isPrevious ? ' before' : ''} ${back}`;
		});
		expect(seen.join(', ')).toBe(expected);
	});
}

check('back, further back, and forward again', '[c] b a', 'pppPPP', 'b 1, a 2, none, b 1, c 0, none');
check('what has come since is after it', 'd [c] b', 'PPpp', 'd -1, none, c 0, b 1');
check('of one that is not kept itself', 'b a', 'ppP', 'b 1, a 2, b 1');
check('started again in its place', '[c]', 'ppPP', 'c before 1, none, c 0, none', {restarts: 2});
check('never started again', '[c]', 'pP', 'none, none');

const text = (parts: string) => `
	at 100s
	node n1 · service web replicas 1
	instance web.1 on n1 failed exit 1 at 10s id run-1
	instance web.1 on n1 failed exit 2 at 20s id run-2
	${parts}
`;

async function open(parts = 'instance web.1 on n1 running at 30s id run-3') {
	const {services, nodes, instances} = readCluster(text(parts));
	// The list shows what runs; those before are only kept.
	const harness = await openUi([...services, ...nodes, ...instances]);
	harness.press(':', ...'ins run', 'enter');
	return harness;
}

test('two strokes at once are two runs back', async () => {
	const harness = await open();
	harness.ui.updateList(list => ({...list, index: 2, selectedId: 'run-3'}));
	harness.press('enter', 'p', 'p');
	await harness.advance(10);
	expect(harness.message).toContain('2 runs before, exit 1');
	harness.press('P');
	await harness.advance(10);
	expect(harness.message).toContain('an earlier run, exit 2');
});

test('p in the list is one run back, each time', async () => {
	const harness = await open();
	for (const _ of [1, 2]) {
		harness.ui.updateList(list => ({...list, index: 2, selectedId: 'run-3'}));
		harness.press('p');
		await harness.advance(10);
		expect(harness.message).toContain('an earlier run, exit 2');
		harness.press('esc');
	}
});

test('an instance that was replaced meanwhile still has its runs, and the one that followed', async () => {
	const harness = await open();
	harness.ui.updateList(list => ({...list, index: 2, selectedId: 'run-3'}));
	harness.press('enter');
	const {instances} = readCluster(text('instance web.1 on n1 running at 90s id run-4'));
	harness.cluster.drop('run-3');
	harness.cluster.put(...instances.filter(({id}) => id === 'run-4'));
	await harness.advance(200);
	harness.press('p');
	await harness.advance(10);
	expect(harness.message).toContain('an earlier run, exit 2');
	harness.press('P', 'P');
	await harness.advance(10);
	expect(harness.message).toContain('a later run, running');
});
