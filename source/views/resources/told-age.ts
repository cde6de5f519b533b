import type {Resource} from '../../core/model/index.ts';
import type {ResourceColumn} from '../../core/resource/facet.ts';
import type {Ages} from '../age.ts';

const unitMs = {s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, y: 365 * 86_400_000} as const;
const duration = /^(?:\d+[ydhms])+$/;
const sideNote = /^(.*\()((?:\d+[ydhms])+)( ago\))$/;

type ToldAge = {
	readonly before: string;
	/** Since when, by the age that was told and when it was. */
	readonly since: number;
	readonly after: string;
};

/** An age in a cell as an engine has written it: `3m5s` where the column is of ages, `3 (5m ago)` in any. */
export function toldAge({cells, toldAt}: Resource, {isAge}: ResourceColumn, index: number): ToldAge | undefined {
	const cell = cells[index] ?? '';
	const [, before = '', text = cell, after = ''] = sideNote.exec(cell) ?? [];
	if (toldAt === undefined || (before === '' && !isAge) || !duration.test(text)) return undefined;
	let ageMs = 0;
	for (const [, count, unit] of text.matchAll(/(\d+)([ydhms])/g)) {
		ageMs += Number(count) * unitMs[unit as keyof typeof unitMs];
	}

	return {before, since: toldAt - ageMs, after};
}

/** As it is by now. */
export function grown({before, since, after}: ToldAge, ages: Ages): string {
	return `${before}${ages.of(since)}${after}`;
}
