import type {Random} from '../../source/core/model/id.ts';

/** What has broken programs before. */
const words = [
	'',
	' ',
	'0',
	'-1',
	'1e309',
	'NaN',
	'null',
	'true',
	'__proto__',
	'constructor',
	'toString',
	'../../etc',
	'/',
	'/\0',
	'\u0000',
	'\u202e',
	'\ud800',
	'\u001b]0;x\u0007',
	'a'.repeat(300),
	'é',
	'💥',
	'80',
	'8080:80',
	'8080:80/http',
	'target=80',
	'nodejs',
	'exec:/bin/sh',
	'image:',
	'docker:x',
	'n1',
	'node.name==n1',
	'spread=node.labels.zone',
	'{{secret "x"}}',
	'64m',
	'1m30s',
	'SIGTERM',
	'volume',
	'bind',
	'update',
	'name=a,alias=b',
	'-',
	'--',
	'=',
	',',
	',,,',
	'=,=',
	'a=b=c',
	'%',
	'\\',
	'"',
	"'",
	'\r\n',
	'1;drop',
];
const numbers = [0, -0, 1, -1, 0.1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 65_535, 65_536, 86_400_000];

function pick<T>(random: Random, list: readonly T[]): T {
	return list[Math.floor(random() * list.length)] as T;
}

/** Any JSON value, shallow more often than deep. */
export function anyValue(random: Random, depth = 0): unknown {
	const roll = random();
	if (roll < 0.25) return anyText(random);
	if (roll < 0.4) return pick(random, numbers);
	if (roll < 0.5) return pick(random, [null, true, false]);
	if (depth > 4) return [];
	if (roll < 0.72) return Array.from({length: Math.floor(random() * 4)}, () => anyValue(random, depth + 1));
	const entries = Array.from({length: Math.floor(random() * 4)}, () => [
		pick(random, words),
		anyValue(random, depth + 1),
	]);
	// As JSON.parse makes it: `__proto__` is a member like any other.
	return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}

export function anyText(random: Random): string {
	const roll = random();
	if (roll < 0.6) return pick(random, words);
	if (roll < 0.9) return pick(random, words) + pick(random, words);
	return Array.from({length: Math.floor(random() * 12)}, () => String.fromCharCode(Math.floor(random() * 256))).join(
		'',
	);
}

/** The same value with one place changed, taken away, or with something added. */
export function mutated(random: Random, value: unknown): unknown {
	if (random() < 0.3 || typeof value !== 'object' || value === null) return anyValue(random);
	if (Array.isArray(value)) {
		const at = Math.floor(random() * (value.length + 1));
		return at === value.length
			? [...value, anyValue(random)]
			: value.map((entry, index) => (index === at ? mutated(random, entry) : entry));
	}

	const keys = Object.keys(value);
	const key = random() < 0.15 || keys.length === 0 ? pick(random, words) : pick(random, keys);
	const object = value as Record<string, unknown>;
	if (random() < 0.1) {
		const {[key]: _, ...rest} = object;
		return rest;
	}

	return JSON.parse(
		JSON.stringify({...object, [key]: mutated(random, Object.hasOwn(object, key) ? object[key] : undefined)}) ?? 'null',
	);
}
