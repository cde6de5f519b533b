import {isObject} from '../difference/merge-patch.ts';
import {ClusterError} from '../error.ts';
import {stripControl} from '../text/text.ts';
import {formatBytes, formatDuration} from '../text/units.ts';

/** One thing that is wrong: `path` says where (`spec.template.reserve.cpus`); `message` goes on with `must be …, found …`. */
export type Problem = {readonly path: string; readonly message: string};

/** Looks at one value from outside and lists all that is wrong with it. */
export type Check = (value: unknown, path: string) => readonly Problem[];

/** What was found, short and safe to print. */
function found(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object' && value !== null) return 'an object';
	const text = typeof value === 'string' ? JSON.stringify(stripControl(value)) : String(value);
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export function problem(path: string, allowed: string, value: unknown): Problem {
	return {path, message: `must be ${allowed}, found ${found(value)}`};
}

/** A value that `test` says yes to. */
function when(allowed: string, test: (value: unknown) => boolean): Check {
	return (value, path) => (test(value) ? [] : [problem(path, allowed, value)]);
}

export function integer(min: number, max: number): Check {
	return whole(`from ${min} to ${max}`, min, max);
}

/** Written by people as `1m30s`, kept as a number: a refusal says both. */
export function milliseconds(min: number, max: number): Check {
	return whole(`of milliseconds from ${min} to ${max} (${formatDuration(min)} to ${formatDuration(max)})`, min, max);
}

/** The same for `64m`. */
export function bytes(min: number, max: number): Check {
	return whole(`of bytes from ${min} to ${max} (${formatBytes(min)} to ${formatBytes(max)})`, min, max);
}

function whole(which: string, min: number, max: number): Check {
	return when(
		`a whole number ${which}`,
		value => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
	);
}

export function number(min: number, max: number): Check {
	return when(`a number from ${min} to ${max}`, value => typeof value === 'number' && value >= min && value <= max);
}

export const flag: Check = when('true or false', value => typeof value === 'boolean');

export function oneOf(...choices: readonly string[]): Check {
	return when(`one of ${choices.join(', ')}`, value => choices.includes(value as string));
}

/** Text of at most `maxLength` UTF-16 units without NUL; with `pattern`, such text only, as `allowed` says. */
export function text(maxLength: number, allowed = 'text', pattern?: RegExp): Check {
	return when(
		`${allowed} of at most ${maxLength} characters${pattern ? '' : ' without NUL'}`,
		value =>
			typeof value === 'string' &&
			value.length <= maxLength &&
			!value.includes('\0') &&
			(pattern === undefined || pattern.test(value)),
	);
}

/** Absent, or as `check` says. */
export function optional(check: Check): Check {
	return (value, path) => (value === undefined ? [] : check(value, path));
}

export function list(maxLength: number, check: Check): Check {
	return (value, path) => {
		if (!Array.isArray(value)) return [problem(path, 'a list', value)];
		if (value.length > maxLength) {
			return [{path, message: `must have at most ${maxLength} entries, found ${value.length}`}];
		}

		return value.flatMap((entry, index) => check(entry, `${path}[${index}]`));
	};
}

/** Any keys that `key` lets pass, with values as `check` says. */
export function record(maxEntries: number, key: {allowed: string; pattern: RegExp}, check: Check): Check {
	return (value, path) => {
		if (!isObject(value)) return [problem(path, 'an object', value)];
		const keys = Object.keys(value);
		if (keys.length > maxEntries) {
			return [{path, message: `must have at most ${maxEntries} entries, found ${keys.length}`}];
		}

		return keys.flatMap(name =>
			key.pattern.test(name)
				? check(value[name], `${path}.${name}`)
				: [{path, message: `has the key ${found(name)}, but a key must be ${key.allowed}`}],
		);
	};
}

/** Exactly these members, in this order of checking; others are refused. */
export function shape(members: Readonly<Record<string, Check>>): Check {
	const known = Object.keys(members);
	return (value, path) => {
		if (!isObject(value)) return [problem(path, 'an object', value)];
		const unknown = Object.keys(value)
			.filter(name => !Object.hasOwn(members, name) && value[name] !== undefined)
			.map(name => ({
				path,
				message: `has an unknown member ${found(name)}; known are ${known.join(', ')}`,
			}));
		return [...known.flatMap(name => members[name]?.(own(value, name), `${path}.${name}`) ?? []), ...unknown];
	};
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
	return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Both; the second only looks where the first finds nothing wrong. */
export function also<T>(first: Check, second: (value: T, path: string) => readonly Problem[]): Check {
	return (value, path) => {
		const problems = first(value, path);
		return problems.length > 0 ? problems : second(value as T, path);
	};
}

/** Throws `usage` with every problem, one a line; none: nothing happens. */
export function refuse(problems: readonly Problem[]): void {
	if (problems.length > 0) {
		throw new ClusterError('usage', problems.map(({path, message}) => `${path} ${message}`).join('\n'));
	}
}
