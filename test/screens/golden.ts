import path from 'node:path';
import {expect, test} from 'vitest';
import type {Theme} from '../../source/views/theme.ts';
import type {DashboardHarness} from '../helpers/dashboard.ts';
import type {Size} from '../terminal/screen.ts';

export const sizes: readonly Size[] = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 200, rows: 50},
];

type Open = (options: {readonly size: Size; readonly theme: Theme['name']}) => Promise<DashboardHarness>;

/**
 * A whole frame at each size, without colours and as it is painted on dark and on light. `npm run update` writes them anew:
 * look at the difference. Where colours say what signs say without them (`drawsColours`), the signs are others too.
 */
export function golden(name: string, open: Open, {drawsColours = false} = {}): void {
	test.each(sizes)(`${name} at $columns×$rows`, async size => {
		const file = (ending: string) =>
			path.join(import.meta.dirname, 'frames', `${name.replaceAll(' ', '-')}-${size.columns}x${size.rows}${ending}`);
		const plain = await frameOf(open, size, 'none');
		await expect(`${plain.frame}\n`).toMatchFileSnapshot(file('.txt'));
		const dark = await frameOf(open, size, 'dark');
		const light = await frameOf(open, size, 'light');
		expect(withoutEnds(light.frame)).toBe(withoutEnds(dark.frame));
		if (!drawsColours) {
			expect(withoutEnds(dark.frame)).toBe(withoutEnds(plain.frame));
		}

		await expect(
			`${drawsColours ? `${dark.frame}\n` : ''}${painted('dark', dark)}${painted('light', light)}`,
		).toMatchFileSnapshot(file('.paint.txt'));
	});
}

type Painted = {readonly frame: string; readonly paint: readonly string[]};

async function frameOf(open: Open, size: Size, theme: Theme['name']): Promise<Painted> {
	const dashboard = await open({size, theme});
	expect(dashboard.screen.lines.length).toBe(size.rows);
	const {frame} = dashboard;
	const {paint} = dashboard.screen;
	dashboard.press('ctrl-c');
	await dashboard.left;
	await dashboard.screen.settled();
	expect(dashboard.screen.isAlternate).toBe(false);
	return {frame, paint};
}

/** Without spaces at the ends of lines: painted ones are kept. */
function withoutEnds(frame: string): string {
	return frame.replaceAll(/ +$/gm, '');
}

/** A line for each line that is painted. */
function painted(theme: string, {paint}: Painted): string {
	const lines = paint.flatMap((spans, row) => (spans === '' ? [] : [`${row + 1}: ${spans}\n`]));
	return `${theme}\n${lines.join('')}`;
}
