/* The text format that Prometheus reads (version 0.0.4), as data first. */

export type MetricType = 'counter' | 'gauge' | 'histogram';

export type Sample = {
	readonly labels?: Readonly<Record<string, string>>;
	/** Undefined: not known, and so not told. */
	readonly value: number | undefined;
};

export type Histogram = {
	readonly labels?: Readonly<Record<string, string>>;
	/** How many took at most so long, the shortest first. */
	readonly buckets: ReadonlyArray<{readonly le: number; readonly count: number}>;
	readonly sum: number;
	readonly count: number;
};

export type Family =
	| {
			readonly name: string;
			readonly help: string;
			readonly type: 'counter' | 'gauge';
			readonly samples: readonly Sample[];
	  }
	| {readonly name: string; readonly help: string; readonly type: 'histogram'; readonly samples: readonly Histogram[]};

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Families without a sample are left out. */
export function toExposition(families: readonly Family[]): string {
	return families.map(familyText).join('');
}

function familyText(family: Family): string {
	const {name, help, type} = family;
	const lines =
		family.type === 'histogram'
			? family.samples.flatMap(histogram => histogramLines(name, histogram))
			: family.samples.flatMap(({labels = {}, value}) => (value === undefined ? [] : [line(name, labels, value)]));
	return lines.length === 0
		? ''
		: `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.map(text => `${text}\n`).join('')}`;
}

function histogramLines(name: string, {labels = {}, buckets, sum, count}: Histogram): string[] {
	const bucket = (le: string, value: number) => line(`${name}_bucket`, {...labels, le}, value);
	return [
		...buckets.map(({le, count: value}) => bucket(numberText(le), value)),
		bucket('+Inf', count),
		line(`${name}_sum`, labels, sum),
		line(`${name}_count`, labels, count),
	];
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
	const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
	return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`;
}

function numberText(value: number): string {
	if (Number.isFinite(value)) {
		return String(value);
	}

	return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** A label's value may be any text: these three would end it. */
function escapeValue(text: string): string {
	return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
