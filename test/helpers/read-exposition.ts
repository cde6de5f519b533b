/** A sample as Prometheus reads it; the labels are as they were before they were escaped. */
export type ReadSample = {readonly name: string; readonly labels: Record<string, string>; readonly value: number};

/** Reads the text format (version 0.0.4) strictly: what Prometheus would refuse, or read as something else, throws. */
export function readExposition(text: string): ReadSample[] {
	if (text !== '' && !text.endsWith('\n')) throw new Error('the last line is not ended');
	const types = new Map<string, string>();
	const samples: ReadSample[] = [];
	const seen = new Set<string>();
	let current = '';
	for (const line of text.split('\n').slice(0, -1)) {
		const [, kind, family = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line) ?? [];
		if (kind === 'TYPE') {
			if (types.has(family)) throw new Error(`twice: ${family}`);
			if (!/^(counter|gauge|histogram)$/.test(rest)) throw new Error(`no type: ${line}`);
			types.set(family, rest);
			current = family;
		} else if (kind === undefined) {
			const sample = readSample(line);
			const suffix = types.get(current) === 'histogram' ? sample.name.slice(current.length) : '';
			if (sample.name !== current + suffix || !['', '_bucket', '_sum', '_count'].includes(suffix)) {
				throw new Error(`${sample.name} is not of ${current}`);
			}

			const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]);
			if (seen.has(key)) throw new Error(`twice: ${line}`);
			seen.add(key);
			samples.push(sample);
		}
	}

	checkHistograms(types, samples);
	return samples;
}

function readSample(line: string): ReadSample {
	const [, name, inner, number] =
		/^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/.exec(line) ??
		[];
	const value = number === '+Inf' ? Infinity : Number(number);
	if (name === undefined || number === '' || (Number.isNaN(value) && number !== 'NaN'))
		throw new Error(`no sample: ${line}`);
	const pairs = [...(inner ?? '').matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)];
	const labels = pairs.map(([, label, escaped = '']) => [
		label,
		escaped.replaceAll(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c)),
	]);
	return {name, labels: Object.fromEntries(labels), value};
}

function checkHistograms(types: ReadonlyMap<string, string>, samples: readonly ReadSample[]): void {
	for (const [name] of [...types].filter(([, type]) => type === 'histogram')) {
		const buckets = samples.filter(sample => sample.name === `${name}_bucket`);
		const groups = Object.groupBy(buckets, ({labels: {le: _, ...labels}}) => JSON.stringify(labels));
		for (const [labels, group = []] of Object.entries(groups)) {
			const counts = group.map(({value}) => value);
			const les = group.map(({labels: {le}}) => (le === '+Inf' ? Infinity : Number(le)));
			const total = samples.find(s => s.name === `${name}_count` && JSON.stringify(s.labels) === labels)?.value;
			const isSorted = (all: number[]) => all.every((value, index) => index === 0 || value >= (all[index - 1] ?? 0));
			if (!isSorted(counts) || !isSorted(les) || les.at(-1) !== Infinity || counts.at(-1) !== total) {
				throw new Error(`the buckets of ${name}${labels} are wrong: ${counts} of ${total}`);
			}
		}
	}
}
