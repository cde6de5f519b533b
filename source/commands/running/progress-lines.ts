import type {Progress} from '../../actions/action.ts';
import {stripControl, truncate} from '../../core/text/text.ts';
import type {Output} from '../host.ts';

const barWidth = 20;

/** Lines on standard error that are drawn over: one for each thing that is waited for. On no terminal, nothing. */
export type ProgressLines = {
	show(states: ReadonlyMap<string, Progress>): void;
	/** Takes the lines away, and leaves the cursor where they began. */
	clear(): void;
};

export function createProgressLines(output: Output, quiet: boolean): ProgressLines {
	let drawn: readonly string[] = [];
	const clear = () => {
		if (drawn.length > 0) {
			output.write(`\x1b[${drawn.length}A\r\x1b[J`);
			drawn = [];
		}
	};
	return {
		show(states) {
			if (quiet || !output.isTTY) {
				return;
			}

			const lines = [...states.values()].slice(0, Math.max(1, output.rows - 2)).map(progress => {
				return truncate(stripControl(lineOf(progress)), Math.max(20, output.columns - 1));
			});
			if (lines.join('\n') !== drawn.join('\n')) {
				clear();
				output.write(`${lines.join('\n')}\n`);
				drawn = lines;
			}
		},
		clear,
	};
}

function lineOf(progress: Progress): string {
	if (progress.state !== 'waiting') {
		return `${progress.state === 'reached' ? '✓' : '✗'} ${progress.message}`;
	}

	const {done, total, message, trouble} = progress;
	const full = total === 0 ? 0 : Math.floor((Math.max(0, done) / total) * barWidth);
	const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
	return `${bar} ${message}${trouble === undefined ? '' : ` · ${trouble}`}`;
}
