const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar of so many cells for a share of 0 to 1: `██████▊░░░`. */
export function bar(share: number, cells: number): string {
	const eighthsFilled = Math.floor(Math.max(0, Math.min(1, share)) * cells * 8);
	const whole = Math.floor(eighthsFilled / 8);
	const part = eighths[eighthsFilled % 8] ?? '';
	return '█'.repeat(whole) + part + '░'.repeat(cells - whole - (part === '' ? 0 : 1));
}

/** The last so many samples as columns, against `top` or the highest of them; one that is absent is a gap. */
export function sparkline(samples: ReadonlyArray<number | undefined>, cells: number, top = 0): string {
	const shown = samples.slice(-cells);
	const highest = shown.reduce<number>((most, sample = 0) => Math.max(most, sample), top);
	return shown.map(sample => (sample === undefined ? ' ' : level(highest <= 0 ? 0 : sample / highest))).join('');
}

/** One column for a share of 0 to 1. */
export function level(share: number): string {
	return levels[Math.max(0, Math.min(7, Math.floor(share * 7.99)))] ?? '';
}
