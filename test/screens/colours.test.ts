import path from 'node:path';
import {expect, test} from 'vitest';
import '../helpers/ink-table.ts';
import {dashboardStart, openDashboard} from '../helpers/dashboard.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import type {Screen, Size} from '../terminal/screen.ts';

// How frames are painted: below each line a letter for each cell that has a colour, with a legend at the end. `npm run update`
// writes them anew: look at the difference.

const themes = ['dark', 'light'] as const;
const sizes = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 200, rows: 50},
];

const views: ReadonlyArray<readonly [name: string, keys: readonly string[], seen: string | RegExp]> = [
	['services', [], 'batch'],
	['pulse', [':', 'p', 'u', 'l', 's', 'e', 'enter'], 'BUSIEST SERVICES'],
	['map', [':', 'm', 'a', 'p', 'enter'], 'a cell is'],
	['troubles', [':', 't', 'r', 'o', 'u', 'b', 'l', 'e', 's', 'enter'], 'TROUBLE'],
	['describe', ['d'], 'Service api'],
	['logs', ['l'], 'Nothing written yet'],
];

for (const [name, keys, seen] of views) {
	test.each(themes.flatMap(theme => sizes.map(size => [theme, size] as const)))(
		`${name}, %s, %o`,
		async (theme, size) => {
			const dashboard = await openDashboard(smallCluster(dashboardStart), {size, theme});
			dashboard.press(...keys);
			await dashboard.until(seen);
			if (name === 'logs') {
				for (const [index, text] of ['GET /a 200', 'GET /b 500', 'GET /c 200'].entries()) {
					const at = dashboardStart + index * 1000;
					const stream = index === 1 ? 'stderr' : 'stdout';
					dashboard.cluster.log({instanceId: `api.${index}-id`, instanceName: `api.${index}`, at, stream, text});
				}

				await dashboard.advance(200);
				await dashboard.until('GET /c');
				dashboard.press('t', '/', 'G', 'E', 'T', 'enter');
				await dashboard.until('/GET 1/3');
			}

			await dashboard.screen.settled();
			const file = `${name}-${theme}-${size.columns}x${size.rows}.txt`;
			const painted = paintedText(dashboard.screen, size);
			await expect(painted).toMatchFileSnapshot(path.join(import.meta.dirname, 'colours', file));
			dashboard.press('ctrl-c');
			await dashboard.left;
		},
	);
}

/** Lines of text, each followed by the letters of its cells' styles where any is not plain. */
function paintedText(screen: Screen, {columns}: Size): string {
	const letters = new Map<string, string>();
	const letterOf = (row: number, column: number): string => {
		const {bold, colour, background} = screen.style(row, column);
		const inverse = screen.isInverse(row, column) ? 'inverse ' : '';
		const style = `${inverse}${bold ? 'bold ' : ''}colour ${colour} on ${background}`;
		if (style === 'colour default on default') {
			return ' ';
		}

		const letter = letters.get(style) ?? String.fromCodePoint('a'.codePointAt(0)! + letters.size);
		letters.set(style, letter);
		return letter;
	};
	const lines = screen.lines.flatMap((line, row) => {
		const painted = Array.from({length: columns}, (_, column) => letterOf(row, column))
			.join('')
			.trimEnd();
		return painted === '' ? [`│${line}`] : [`│${line}`, `·${painted}`];
	});
	const legend = [...letters].map(([style, letter]) => `${letter} ${style}`);
	return `${[...lines, '', ...legend].join('\n')}\n`;
}
