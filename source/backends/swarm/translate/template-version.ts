import type {RawTaskSpec} from '../api-types.ts';

/**
 * Swarm does not count the versions of a template: its content is its version. Placement is left out, for a task that may
 * stay where it is survives a change of it; so is what Swarm itself puts into one of the two places only.
 */
export function templateVersion({Placement: _, Runtime: __, LogDriver: ___, ...rest}: RawTaskSpec): number {
	return hash(canonical(rest)) >>> 8;
}

function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
	const members = Object.entries(value)
		.filter(([, member]) => !isEmpty(member))
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${members.map(([key, member]) => `${key}:${canonical(member)}`).join()}}`;
}

/** Go leaves some empty members out and writes others. */
function isEmpty(value: unknown): boolean {
	return (
		value === undefined ||
		value === null ||
		value === '' ||
		value === 0 ||
		value === false ||
		(typeof value === 'object' && Object.values(value).every(isEmpty))
	);
}

/** FNV-1a. */
function hash(text: string): number {
	let value = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
	}

	return value >>> 0;
}
