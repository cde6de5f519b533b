import {stripControl} from '../text/text.ts';
import {isObject} from './merge-patch.ts';

const maxLines = 1000;

/** What only a server writes, and differs by itself. */
const unseen = new Set(['status', 'metadata.uid', 'metadata.creationTimestamp', 'metadata.resourceVersion']);

/** Two objects side by side, a line for each member that differs: `spec.replicas: 2 → 3`. */
export function differenceLines(before: unknown, after: unknown): readonly string[] {
	const lines: string[] = [];
	compare(before ?? {}, after ?? {}, '', lines);
	return lines.length > maxLines ? [...lines.slice(0, maxLines), `… ${lines.length - maxLines} more`] : lines;
}

function compare(before: unknown, after: unknown, path: string, lines: string[]): void {
	if (unseen.has(path)) return;
	if (isObject(before) && isObject(after)) {
		for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
			compare(before[key], after[key], path === '' ? key : `${path}.${key}`, lines);
		}
	} else if (Array.isArray(before) && Array.isArray(after)) {
		const length = Math.max(before.length, after.length);
		for (let index = 0; index < length; index++) compare(before[index], after[index], `${path}[${index}]`, lines);
	} else if (isObject(before) || isObject(after) || Array.isArray(before) || Array.isArray(after)) {
		const empty = (value: unknown) => (value === undefined ? (Array.isArray(before ?? after) ? [] : {}) : value);
		if (before === undefined || after === undefined) compare(empty(before), empty(after), path, lines);
		else lines.push(`${stripControl(path)}: ${text(before)} → ${text(after)}`);
	} else if (before !== after) {
		lines.push(`${stripControl(path)}: ${text(before)} → ${text(after)}`);
	}
}

function text(value: unknown): string {
	return value === undefined ? '–' : stripControl(JSON.stringify(value));
}
