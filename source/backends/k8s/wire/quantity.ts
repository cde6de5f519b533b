const [zero, nine] = [48, 57];
const factors: ReadonlyMap<string, number> = new Map([
	['n', 1e-9],
	['u', 1e-6],
	['m', 1e-3],
	['', 1],
	['k', 1e3],
	['M', 1e6],
	['G', 1e9],
	['T', 1e12],
	['P', 1e15],
	['E', 1e18],
	['Ki', 2 ** 10],
	['Mi', 2 ** 20],
	['Gi', 2 ** 30],
	['Ti', 2 ** 40],
	['Pi', 2 ** 50],
	['Ei', 2 ** 60],
]);

/** `100m` → 0.1, `1Gi` → 1073741824, `1e3` → 1000; undefined: it is none. */
export function parseQuantity(text: string | number | undefined): number | undefined {
	if (typeof text === 'number') return text;
	return plain(text ?? '') ?? unusual(text ?? '');
}

/** Digits and a suffix, as the server itself writes nearly all: ten thousand pods have twenty thousand of them. */
function plain(text: string): number | undefined {
	let end = 0;
	while (text.charCodeAt(end) >= zero && text.charCodeAt(end) <= nine) end++;
	const factor = end === 0 ? undefined : factors.get(text.slice(end));
	return factor === undefined ? undefined : scaled(Number(text.slice(0, end)), factor);
}

/** 700 thousandths are 0.7 when divided, and a little more when multiplied. */
function scaled(number: number, factor: number): number {
	return factor < 1 ? number / Math.round(1 / factor) : number * factor;
}

function unusual(text: string): number | undefined {
	const [, number = '', suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)$/.exec(text) ?? [];
	const factor = factors.get(suffix);
	const value = scaled(Number(number), factor ?? Number.NaN);
	return number === '' || Number.isNaN(value) ? undefined : value;
}

/** Thousandths of a core, as the server itself writes them. */
export function cpuQuantity(cpus: number): string {
	return `${Math.round(cpus * 1000)}m`;
}

/** As people write it, `128Mi`, so that what was not changed stays as it was; what is no whole number of those, in bytes. */
export function memoryQuantity(bytes: number): string {
	const whole = Math.round(bytes);
	const suffix = ['Gi', 'Mi', 'Ki'].find(unit => whole > 0 && whole % (factors.get(unit) ?? 1) === 0);
	return suffix === undefined ? String(whole) : `${whole / (factors.get(suffix) ?? 1)}${suffix}`;
}
