import type {Input} from '../action.ts';
import {toggle} from '../fields/fields.ts';

export const noResolveImage = toggle('Swarm: do not pin the image to the digest that its tag stands for now');

/** What of a step that flag makes. */
export function keepTag(input: Input<{noResolveImage: typeof noResolveImage}>): {readonly keepTag?: true} {
	return input.noResolveImage ? {keepTag: true} : {};
}
