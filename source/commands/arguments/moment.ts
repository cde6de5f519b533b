import type {Field} from '../../actions/action.ts';
import {refuse} from '../../actions/fields/fields.ts';
import {parseDuration} from '../../core/text/units.ts';

/** A moment: `10m` ago, or an RFC 3339 time. */
export type Moment = {readonly agoMs: number} | {readonly at: number};

export function moment(help: string): Field<Moment> {
	return {
		help,
		placeholder: 'TIME',
		parse(found) {
			const at = /^\d{4}-\d\d-\d\d/.test(found) ? Date.parse(found) : Number.NaN;
			const agoMs = readDuration(found);
			if (Number.isNaN(at) && agoMs === undefined) {
				throw refuse(found, 'a time such as 10m (ago) or 2030-01-31T12:00:00Z');
			}

			return agoMs === undefined ? {at} : {agoMs};
		},
	};
}

export function instantOf(when: Moment, now: number): number {
	return 'at' in when ? when.at : now - when.agoMs;
}

function readDuration(text: string): number | undefined {
	try {
		return parseDuration(text);
	} catch {
		return undefined;
	}
}
