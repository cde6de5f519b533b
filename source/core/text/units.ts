import {ClusterError} from '../error.ts';

const durationMs = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000} as const;

function usage(text: string, allowed: string): ClusterError {
	return new ClusterError('usage', `${JSON.stringify(text)} is not ${allowed}`);
}

/** `500ms`, `10s`, `1m30s`, `2h`, `0` → milliseconds. Throws `usage`. */
export function parseDuration(text: string): number {
	const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
	const whole = parts.map(([part]) => part).join('');
	const total = parts.reduce(
		(sum, [, count, unit]) => sum + Number(count) * durationMs[unit as keyof typeof durationMs],
		0,
	);
	if (text === '0') {
		return 0;
	}

	if (text === '' || whole !== text || !Number.isSafeInteger(Math.round(total))) {
		throw usage(text, 'a duration such as 500ms, 10s or 1m30s');
	}

	return Math.round(total);
}

/** The shortest text that `parseDuration` reads back: 90,000 → `1m30s`. */
export function formatDuration(ms: number): string {
	let rest = ms;
	let text = '';
	for (const unit of ['h', 'm', 's', 'ms'] as const) {
		const count = Math.floor(rest / durationMs[unit]);
		rest -= count * durationMs[unit];
		text += count > 0 ? `${count}${unit}` : '';
	}

	return text || '0s';
}

const sizeUnits = ['b', 'k', 'm', 'g', 't', 'p'];

/** `64m`, `512MiB`, `1g`, `1073741824` → bytes; units are binary, as docker reads them. Throws `usage`. */
export function parseBytes(text: string): number {
	const [, count, unit = 'b'] = /^(\d+(?:\.\d+)?) ?(?:([bkmgtp])(?:i?b)?)?$/i.exec(text) ?? [];
	const bytes = Math.round(Number(count) * 1024 ** sizeUnits.indexOf(unit.toLowerCase()));
	if (count === undefined || !Number.isSafeInteger(bytes)) {
		throw usage(text, 'a size such as 64m, 512MiB or 1g');
	}

	return bytes;
}

/** For people: `64 MiB`, `1.5 GiB`, `0 B`. */
export function formatBytes(bytes: number): string {
	const power = Math.min(5, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
	const count = bytes / 1024 ** power;
	const digits = count < 10 && !Number.isInteger(count) ? count.toFixed(1) : String(Math.round(count));
	return `${digits} ${power === 0 ? 'B' : `${'KMGTP'[power - 1]}iB`}`;
}

/** Exact, and read back by `parseBytes`: `64m`, `1536k`, `1000b`. */
export function exactBytes(bytes: number): string {
	let power = 0;
	let count = bytes;
	while (count > 0 && count % 1024 === 0 && power < 5) {
		count /= 1024;
		power++;
	}

	return `${count}${sizeUnits[power]}`;
}

/** `0.5`, `2`, `500m` (thousandths) → cores. Throws `usage`. */
export function parseCpus(text: string): number {
	const [, count, milli] = /^(\d+(?:\.\d+)?|\.\d+)(m?)$/.exec(text) ?? [];
	const asked = Number(count) / (milli ? 1000 : 1);
	const cpus = Math.round(asked * 1000) / 1000;
	// What is asked for is not none because it is so little.
	if (count === undefined || asked > 1_000_000 || (cpus === 0 && asked > 0)) {
		throw usage(text, 'a number of CPUs such as 0.5 or 2; the least is 0.001');
	}

	return cpus;
}

/** How long ago, in the one unit that says most: `5s`, `4m`, `2h`, `3d`. Never negative. */
export function formatAge(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	if (seconds < 120) {
		return `${seconds}s`;
	}

	if (seconds < 7200) {
		return `${Math.floor(seconds / 60)}m`;
	}

	return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** `8.4`, `812`, `1.2k`, `3.4M`. */
export function formatCount(count: number): string {
	const [unit, size] = count >= 1e6 ? ['M', 1e6] : count >= 1000 ? ['k', 1000] : ['', 1];
	const value = count / size;
	return `${value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value)}${unit}`;
}
