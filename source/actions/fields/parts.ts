import {refuse} from './fields.ts';

/* Docker's long way to write a value: `key=value,key=value`. */

export type Parts = ReadonlyMap<string, string>;

/** `known`: each key with its other names. A key alone has the value `true`. */
export function readParts(found: string, known: Readonly<Record<string, readonly string[]>>, allowed: string): Parts {
	const parts = new Map<string, string>();
	for (const part of found.split(',')) {
		const [, key = '', value = 'true'] = /^([^=]*)(?:=([\s\S]*))?$/.exec(part) ?? [];
		const name = Object.keys(known).find(one => one === key || known[one]?.includes(key));
		if (name === undefined || value === '') {
			throw refuse(found, allowed);
		}

		const before = parts.get(name);
		parts.set(name, before === undefined ? value : `${before},${value}`);
	}

	return parts;
}

export function switchOf(parts: Parts, key: string, found: string): boolean {
	const value = parts.get(key) ?? 'false';
	if (!['true', 'false', '1', '0'].includes(value)) {
		throw refuse(found, `something with ${key} true or false`);
	}

	return value === 'true' || value === '1';
}

export function writeParts(parts: Readonly<Record<string, string | number | boolean | undefined>>): string {
	return Object.entries(parts)
		.filter(([, value]) => value !== undefined && value !== false)
		.map(([key, value]) => (value === true ? key : `${key}=${value}`))
		.join(',');
}
