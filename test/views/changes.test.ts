import {expect, test} from 'vitest';
import {planAction} from '../../source/actions/execute.ts';
import type {JournalEntry} from '../../source/actions/journal/journal.ts';
import {undoAction} from '../../source/actions/journal/undo.ts';
import type {Volume} from '../../source/core/model/index.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {openUi} from '../helpers/ui.ts';

const meta = {id: 'data-id', name: 'data', revision: '1', createdAt: 0, updatedAt: 0};
const data: Volume = {...meta, kind: 'volume', spec: {labels: {}}, usedBy: []};
const ref = {kind: 'volume', name: 'data'} as const;

async function open(...given: ReadonlyArray<Partial<JournalEntry>>) {
	const opened = await openUi([...readCluster('node n1').nodes, data]);
	const {ui, press, advance} = opened;
	for (const [index, entry] of given.entries()) {
		await ui.executor.journal.record({
			...{id: `c${index}`, at: ui.clock.now(), who: 'ann', context: ui.executor.backend.name, action: 'volume.create'},
			command: 'muster volume create data',
			steps: [{step: {type: 'apply', ref, patch: {}}, objectId: data.id, inverse: {type: 'remove', ref}}],
			result: {ok: true},
			...entry,
		});
	}

	press(':', ...'changes', 'enter');
	await advance(300);
	const texts = () => {
		const lines = ui.screen.type === 'picture' ? ui.screen.draw(ui, {columns: 100, rows: 12}) : [];
		return lines.map(line =>
			line
				.map(span => (typeof span === 'string' ? span : span.text))
				.join('')
				.trimEnd(),
		);
	};
	return {...opened, texts};
}

test('the newest change comes first, of this context alone, with what came of it', async () => {
	const {texts} = await open(
		{},
		{command: 'muster undo c0', undoes: 'c0'},
		{context: 'elsewhere', command: 'muster service rm web'},
		{command: 'muster volume rm data', result: {ok: false, code: 'conflict', message: 'it is in use'}},
	);
	const [, ...rows] = texts();
	expect(rows.slice(0, 3).map(row => row.replace(/^.*ann +/, ''))).toEqual([
		'failed  muster volume rm data',
		'done    muster undo c0',
		'undone  muster volume create data',
	]);
	expect(texts().join('\n')).toMatch(/it is in use\n {3}cannot be undone: it failed/);
	expect(texts().join('\n')).not.toContain('service rm web');
});

test('hostile words in it reach no terminal', async () => {
	const {texts} = await open({who: 'e\x1b[2Jve', command: 'muster \x1b]0;x\x07 create\x1b[31m'});
	expect(texts().join('\n')).toContain('create');
	expect(texts().join('\n')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
});

// Few screens read volumes: what had not been read was said to be gone.
test('what no screen has read is read before an undo is shown', async () => {
	const {ui, press, advance} = await open({});
	press('enter');
	await advance(300);
	expect(ui.state.overlay?.type).toBe('panel');
	const [entry] = await ui.executor.journal.read();
	const plan = planAction(ui.executor.backend, {
		...{action: undoAction(entry as JournalEntry), target: undefined, input: {}, world: ui.worldNow},
	});
	expect(plan.steps).toMatchObject([{type: 'remove', ref: {name: 'data', id: 'data-id'}}]);
});
