import {isObject} from '../difference/merge-patch.ts';
import type {ServiceVersion} from '../model/index.ts';
import {exactBytes} from '../text/units.ts';

/** One difference between two versions; undefined: not there. */
export type VersionChange = {readonly path: string; readonly before: unknown; readonly after: unknown};

/** What is different in the second, member by member: `env.MODE`, `image`, `limit.memoryBytes`. */
export function versionChanges(before: ServiceVersion['spec'], after: ServiceVersion['spec']): VersionChange[] {
	const flat = ({template, ports, forceUpdate}: ServiceVersion['spec']) => ({
		...template,
		networks: byName(template.networks, 'network'),
		mounts: byName(template.mounts, 'target'),
		configs: byName(template.configs, 'source'),
		secrets: byName(template.secrets, 'source'),
		ports: ports.map(({target}) => target),
		restarts: forceUpdate,
	});
	return changes('', flat(before), flat(after));
}

/** So that of several only those are told that are different; one that is there twice is told apart by its number. */
function byName<K extends string>(
	list: ReadonlyArray<{readonly [P in K]: string}> = [],
	name: K,
): Readonly<Record<string, object>> {
	const named: Record<string, object> = {};
	for (const one of list) {
		const {[name]: key, ...rest} = one;
		const count = Object.keys(named).filter(other => other === key || other.startsWith(`${key}#`)).length;
		named[count === 0 ? key : `${key}#${count + 1}`] = rest;
	}

	return named;
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
	const text = (value: unknown) => valueText(value, path);
	if (before === undefined) {
		return `${path} + ${text(after)}`.trimEnd();
	}

	return after === undefined ? `${path} −` : `${path} ${text(before)} → ${text(after)}`;
}

function valueText(value: unknown, path = ''): string {
	if (typeof value === 'number' && path.endsWith('Bytes')) {
		return exactBytes(value);
	}

	if (isObject(value)) {
		return Object.entries(value)
			.map(([key, member]) => `${key}=${valueText(member, key)}`)
			.join(',');
	}

	return typeof value === 'string' ? value : JSON.stringify(value);
}
