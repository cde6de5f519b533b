import {type Check, type Problem, text} from './check.ts';

/** A DNS label (RFC 1123): what can be a host name everywhere. */
export const name: Check = text(
	63,
	'a name of a-z, 0-9 and "-" that begins and ends with a letter or digit',
	/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
);

/** Of a service, node or image. */
export function checkName(value: unknown, path = 'name'): readonly Problem[] {
	return name(value, path);
}
