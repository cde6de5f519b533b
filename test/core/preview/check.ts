import {expect, test} from 'vitest';
import type {Preview} from '../../../source/core/preview/preview.ts';
import {type ClusterText, readCluster} from '../../helpers/cluster-text.ts';

/** The summary, and under it each row as `name  change  note`, blocked ones with a `!` before them. */
export function previewText({summary, rows}: Preview): string {
	return [
		summary,
		...rows.map(
			({name, change, note, blocked}) => `${blocked ? '! ' : ''}${[name, change, note].filter(Boolean).join('  ')}`,
		),
	].join('\n');
}

/** A cluster in, a preview's text out. */
export function check(what: string, preview: (world: ClusterText) => Preview, cluster: string, expected: string): void {
	test(what, () => {
		const lines = expected.split('\n').map(line => line.trim());
		expect(previewText(preview(readCluster(cluster)))).toBe(lines.filter(Boolean).join('\n'));
	});
}

/** `instance web.1 on n1 running` and so on: `run('web', 'n1 2, n2 1')` fills slots from 1. */
export function run(service: string, places: string, words = ''): string {
	let slot = 0;
	return places
		.split(', ')
		.flatMap(place => {
			const [node = '', count = '1'] = place.split(' ');
			return Array.from(
				{length: Number(count)},
				() => `instance ${service}.${++slot} on ${node} running healthy ${words}`,
			);
		})
		.join('\n');
}
