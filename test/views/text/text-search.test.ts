import {expect, test} from 'vitest';
import {frameLines} from '../../../source/views/frame.ts';
import {noPorts} from '../../../source/views/ports.ts';
import {smallCluster} from '../../helpers/small-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** A dashboard that describes the service web; `seen` is what the keys make of it. */
async function describing({size = {columns: 100, rows: 24}, saved = [] as string[][]} = {}) {
	const save = async (file: string, text: string) => {
		saved.push([file, text]);
		return file;
	};
	const harness = await openUi(smallCluster(0), {size, ports: {...noPorts, save}});
	harness.press(
		...':describe web'
			.replace(' ', '_')
			.split('')
			.map(key => (key === '_' ? ' ' : key)),
		'enter',
	);
	const {ui} = harness;
	return {
		...harness,
		get message() {
			return harness.message;
		},
		type: (text: string) => harness.press(...text),
		/** The lines that the search is at. */
		get current() {
			return frameLines(ui)
				.filter(line => line.startsWith('▸'))
				.map(line => line.slice(1).trim().replaceAll(/\s+/g, ' '));
		},
	};
}

test('what is looked for is counted as it is typed, gone to by enter, and left by esc', async () => {
	const harness = await describing();
	const {press, type, ui} = harness;
	type('/HEALTHY');
	expect(harness.message).toMatch(/^\/HEALTHY▏ +0 lines$/);
	press('ctrl-u');
	type('healthy');
	press('enter');
	const {at} = ui.place.search ?? {};
	expect(at).toBeGreaterThan(0);
	press('esc');
	expect([ui.place.search, ui.screen.id]).toEqual([undefined, 'describe']);
	press('esc');
	expect(ui.screen.id).toBe('services');
});

test('n and N go round the ends, and the line stands where it is seen', async () => {
	const harness = await describing({size: {columns: 100, rows: 12}});
	harness.type('/^ {3}(mode|restart) ');
	harness.press('enter');
	expect(harness.current).toEqual(['mode replicated']);
	expect(harness.message).toMatch(/1\/2 · line 1 of \d+$/);
	harness.press('n');
	expect(harness.current).toEqual(['restart any, after 0s']);
	harness.press('n');
	expect(harness.current).toEqual(['mode replicated']);
	expect(harness.message).toContain('On from the beginning.');
	harness.press('N');
	expect(harness.current).toEqual(['restart any, after 0s']);
	expect(harness.message).toContain('On from the end.');
});

test('enter on nothing goes on with what was looked for, esc while typing leaves it', async () => {
	const harness = await describing();
	harness.type('/mode');
	harness.press('enter', '/');
	harness.type('xyz');
	harness.press('esc');
	expect(harness.ui.place.search?.text).toBe('mode');
	harness.press('/', 'enter');
	expect(harness.current).toEqual(['mode replicated']);
	harness.type('/xyz');
	harness.press('enter');
	expect(harness.message).toMatch(/^No line has xyz\. .*\/xyz not found/);
});

test('what a text cannot do without being searched says so', async () => {
	const harness = await describing();
	harness.press('n');
	expect(harness.message).toContain('n: Nothing is searched for: press / first.');
});

test('a match beyond the edge comes into sight, and what is too long is scrolled by', async () => {
	const harness = await describing({size: {columns: 40, rows: 24}});
	const seen = () => frameLines(harness.ui).join('\n');
	expect(seen()).not.toContain('pause');
	harness.type('/one failed: pause');
	harness.press('enter');
	expect(harness.current.join()).toContain('one failed: pause');
	harness.press('left', 'left', 'left', 'left');
	expect(harness.ui.place.pan).toBe(0);
	harness.press(...Array.from({length: 50}, () => 'right'));
	expect(harness.ui.place.pan).toBeLessThan(100);
	expect(seen()).not.toContain('web-id');
});

test('the whole text is copied and saved, without its margin', async () => {
	const saved: string[][] = [];
	const harness = await describing({saved});
	const written: string[] = [];
	harness.ui.terminal.write = text => void written.push(text);
	harness.press('c', 'ctrl-s');
	const copied = Buffer.from(/;c;(.*)\x07/.exec(written[0] ?? '')?.[1] ?? '', 'base64').toString();
	expect(copied.split('\n').slice(0, 3)).toEqual(['', 'Service web', '  id          web-id']);
	expect(saved.map(([file]) => file?.replace(/describe-.*\./, 'describe-….'))).toEqual(['local-web-describe-….txt']);
	expect(saved[0]?.[1]).toBe(copied);
});
