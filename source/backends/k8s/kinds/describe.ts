import {isObject} from '../../../core/difference/merge-patch.ts';
import type {ResourceType} from '../../../core/resource/facet.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatAge} from '../../../core/text/units.ts';
import {keepEvent} from '../translate/translate-event.ts';
import type {WireEvent, WireObject} from '../wire/wire.ts';

const maxLines = 5000;

/** Any object for people: names before the rest, lists with their names, and what happened last. */
export function describeObject(
	{kind, apiVersion}: ResourceType,
	object: WireObject,
	events: readonly WireEvent[],
	now: number,
): readonly string[] {
	const {metadata, ...rest} = object as WireObject & Record<string, unknown>;
	const {name, namespace, labels, annotations, ownerReferences, ...meta} = metadata as WireObject['metadata'];
	const lines: string[] = [];
	put(lines, 0, 'Name', name);
	if (namespace) put(lines, 0, 'Namespace', namespace);
	put(lines, 0, 'Kind', `${kind} (${apiVersion})`);
	if (meta.creationTimestamp) {
		const at = Date.parse(String(meta.creationTimestamp));
		put(lines, 0, 'Created', `${meta.creationTimestamp} (${formatAge(now - at)} ago)`);
	}

	if (ownerReferences) {
		put(lines, 0, 'Owner', ownerReferences.map(owner => `${owner.kind} ${owner.name}`).join(', '));
	}

	put(lines, 0, 'Labels', labels ?? {});
	put(lines, 0, 'Annotations', annotations ?? {});
	for (const [key, value] of Object.entries(rest)) {
		if (key === 'kind' || key === 'apiVersion') continue;
		put(lines, 0, title(key), value);
	}

	lines.push('', 'Events');
	const told = events.map(keepEvent).toSorted((a, b) => a.createdAt - b.createdAt);
	for (const {name: reason, message, tone, createdAt} of told.slice(-50)) {
		const mark = tone === 'warning' ? '!' : ' ';
		lines.push(
			`  ${mark} ${formatAge(now - createdAt).padStart(4)}  ${stripControl(reason)}: ${stripControl(message)}`,
		);
	}

	if (told.length === 0) lines.push('  none');
	return lines.slice(0, maxLines);
}

function put(lines: string[], depth: number, name: string, value: unknown): void {
	const indent = '  '.repeat(depth);
	const label = `${indent}${stripControl(name)}`;
	if (value === null || value === undefined || value === '') return;
	if (Array.isArray(value)) {
		if (value.length === 0) return;
		if (value.every(one => typeof one !== 'object' || one === null)) {
			lines.push(`${label}: ${stripControl(value.join(' '))}`);
			return;
		}

		lines.push(`${label}:`);
		for (const [index, one] of value.entries()) putEntry(lines, depth + 1, one, index);
	} else if (isObject(value)) {
		if (Object.keys(value).length === 0) return;
		lines.push(`${label}:`);
		for (const [key, member] of Object.entries(value)) put(lines, depth + 1, key, member);
	} else {
		const [first = '', ...others] = String(value).split('\n');
		lines.push(`${label}: ${stripControl(first)}`);
		for (const line of others) lines.push(`${indent}  ${stripControl(line)}`);
	}
}

/** An entry of a list goes by what tells it from the others. */
function putEntry(lines: string[], depth: number, entry: unknown, index: number): void {
	if (!isObject(entry)) {
		put(lines, depth, String(index), entry);
		return;
	}

	const {name, type, key, ...rest} = entry;
	const label = [name, type, key].find(one => typeof one === 'string');
	const others = {...(label === name ? {type, key} : {}), ...rest};
	put(
		lines,
		depth,
		String(label ?? index),
		Object.fromEntries(Object.entries(others).filter(([, one]) => one !== undefined)),
	);
}

function title(key: string): string {
	return key.slice(0, 1).toUpperCase() + key.slice(1);
}
