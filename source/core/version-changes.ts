import {isObject} from './merge-patch.ts';
import type {ServiceVersion} from './model/index.ts';

/** One difference between two versions; undefined: not there. */
export type VersionChange = {readonly path: string; readonly before: unknown; readonly after: unknown};

/** What is different in the second, member by member: `env.MODE`, `image`, `limit.memoryBytes`. */
export function versionChanges(before: ServiceVersion['spec'], after: ServiceVersion['spec']): VersionChange[] {
	const flat = ({template, ports, forceUpdate}: ServiceVersion['spec']) => ({
		...template,
		ports: ports.map(({target}) => target),
		restarts: forceUpdate,
	});
	return changes('', flat(before), flat(after));
}

function changes(path: string, before: unknown, after: unknown): VersionChange[] {
	if (!isObject(before) || !isObject(after)) {
		return JSON.stringify(before) === JSON.stringify(after) ? [] : [{path, before, after}];
	}

	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return keys.flatMap(key => changes(path === '' ? key : `${path}.${key}`, before[key], after[key]));
}

/** `image nodejs → static`, `env.MODE + fast`, `env.OLD −`. */
export function changeText({path, before, after}: VersionChange): string {
	if (before === undefined) {
		return `${path} + ${valueText(after)}`;
	}

	return after === undefined ? `${path} −` : `${path} ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
