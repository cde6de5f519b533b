import {availableParallelism, cpus} from 'node:os';

/** One figure over several rounds. */
export type BenchRow = {
	readonly what: string;
	/** Where it differs from the result's. */
	readonly unit?: string;
	readonly median: number;
	readonly min: number;
	readonly max: number;
	/** What was asked: `at least 10000`, `at most 3`; absent: for information, a floor or a peer. */
	readonly limit?: string;
	/** Whether the median keeps the limit. */
	readonly ok?: boolean;
};

export type BenchResult = {
	readonly name: string;
	readonly unit: string;
	readonly rows: readonly BenchRow[];
	/** What it was measured against and how, in a sentence or two. */
	readonly note?: string;
};

export type Limit = {readonly atLeast: number} | {readonly atMost: number};

/** Median and spread of the rounds' figures. */
export function row(what: string, figures: readonly number[], options: {limit?: Limit; unit?: string} = {}): BenchRow {
	const sorted = [...figures].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	const median = ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
	const {limit, unit} = options;
	return {
		what,
		...(unit === undefined ? {} : {unit}),
		median,
		min: sorted[0] ?? Number.NaN,
		max: sorted.at(-1) ?? Number.NaN,
		...(limit === undefined ? {} : {limit: limitText(limit), ok: keeps(median, limit)}),
	};
}

/** The machine that figures were measured on. */
export function machine(): {node: string; cpu: string; cpus: number} {
	return {node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cpus: availableParallelism()};
}

export function table({name, unit, rows, note}: BenchResult): string {
	const cells = [
		[name, 'median', 'min', 'max', 'unit', 'limit', ''],
		...rows.map(item => [
			item.what,
			figure(item.median),
			figure(item.min),
			figure(item.max),
			item.unit ?? unit,
			item.limit ?? '',
			item.ok === undefined ? '' : item.ok ? 'kept' : 'MISSED',
		]),
	];
	const widths = cells[0]?.map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0))) ?? [];
	const lines = cells.map(line =>
		line
			.map((cell, column) =>
				column > 0 && column < 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
			)
			.join('  ')
			.trimEnd(),
	);
	return `${[...lines, ...(note === undefined ? [] : [note])].join('\n')}\n`;
}

function keeps(median: number, limit: Limit): boolean {
	return 'atLeast' in limit ? median >= limit.atLeast : median <= limit.atMost;
}

function limitText(limit: Limit): string {
	return 'atLeast' in limit ? `at least ${limit.atLeast}` : `at most ${limit.atMost}`;
}

function figure(value: number): string {
	return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
