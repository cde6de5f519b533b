import {expect, test} from 'vitest';
import {Frames} from '../../source/views/frame.ts';
import {anInstance} from '../helpers/objects.ts';
import {openUi} from '../helpers/ui.ts';

// What is not on the screen costs no drawing: the frame is the one of before.

const instances = Array.from({length: 100}, (_, index) => anInstance(`web.${index + 1}`));

async function open() {
	const harness = await openUi(instances);
	harness.press(':', 'i', 'n', 's', 'enter');
	const frames = new Frames(harness.ui);
	return {...harness, frames, first: frames.current};
}

test('a change that is not seen makes no new frame, and is seen when one gets there', async () => {
	const {cluster, frames, first, advance, press, ui} = await open();
	const {version} = ui;
	cluster.put(anInstance('web.90', {restarts: 7}));
	await advance(200);
	expect(ui.version).toBeGreaterThan(version);
	expect(frames.current).toBe(first);
	press('G');
	expect(frames.current.lines.some(line => /web\.90 .* 7 /.test(line))).toBe(true);
});

test('a change that is seen makes one', async () => {
	const {cluster, frames, first, advance} = await open();
	cluster.put(anInstance('web.2', {restarts: 7}));
	await advance(200);
	expect(frames.current).not.toBe(first);
	expect(frames.current.lines.some(line => /web\.2 .* 7 /.test(line))).toBe(true);
});

test('another size is another frame, of as many lines', async () => {
	const {frames, first, ui} = await open();
	ui.resize({columns: 100, rows: 12});
	expect(frames.current.lines.length).toBe(12);
	ui.resize({columns: 99, rows: 24});
	expect(frames.current).not.toBe(first);
});

test('what changes by time alone is still drawn in time', async () => {
	const {frames, first, ui, advance} = await open();
	const told: unknown[] = [];
	frames.subscribe(() => told.push(frames.current));
	ui.drawn(ui.version);
	await advance(86_400_000);
	expect(told.length).toBeGreaterThan(0);
	expect(frames.current).not.toBe(first);
});
