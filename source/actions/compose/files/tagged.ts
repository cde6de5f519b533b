import {isObject} from '../../../core/difference/merge-patch.ts';

/** The program is made of several whole files: what one of them has made is known in another by this, and not by its class. */
const mark = Symbol.for('muster.compose.tagged');

/** A value with a tag of Compose's own: `!reset` takes away what an earlier file has said, `!override` takes its place whole. */
export class Tagged {
	readonly [mark] = true;
	readonly tag: 'reset' | 'override';
	readonly value: unknown;

	constructor(tag: Tagged['tag'], value: unknown) {
		this.tag = tag;
		this.value = value;
	}
}

export function isTagged(value: unknown): value is Tagged {
	return isObject(value) && mark in value;
}
