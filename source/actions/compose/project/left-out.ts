import {isObject} from '../../../core/difference/merge-patch.ts';
import type {Findings} from './section.ts';

/** Members of a service by their paths, each with the reason why all runs the same without it on this engine. */
export type LeftOut = Readonly<Record<string, string>>;

/** A document whose services have none of them; each that was there is told. */
export function withoutLeft(document: unknown, left: LeftOut, findings: Findings): unknown {
	if (!isObject(document) || !isObject(document.services)) return document;
	const services = Object.entries(document.services).map(([name, service]) => {
		const rest = Object.entries(left).reduce((value, [path, reason]) => {
			const found = removed(value, path.split('.'));
			if (found !== value) findings.note(`services.${name}.${path}`, reason);
			return found;
		}, service);
		return [name, rest] as const;
	});
	return {...document, services: Object.fromEntries(services)};
}

/** The same value where it is not there. */
function removed(value: unknown, [key = '', ...path]: readonly string[]): unknown {
	if (!isObject(value) || !Object.hasOwn(value, key) || value[key] === null) return value;
	const {[key]: member, ...rest} = value;
	if (path.length === 0) return rest;
	const left = removed(member, path);
	return left === member ? value : {...value, [key]: left};
}
