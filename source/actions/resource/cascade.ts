import type {Backend, Cascade} from '../../core/backend.ts';
import {choice} from '../fields/fields.ts';

const all = ['background', 'foreground', 'orphan'] as const satisfies readonly Cascade[];

export const cascadeField = {
	cascade: choice(
		'What becomes of what belongs to it: it goes afterwards (background), before (foreground), or lives on (orphan)',
		all,
	),
};

/** Why an engine cannot be asked for that; undefined: it can, or nothing was asked. */
export function whyNoCascade(
	{facets, name}: Pick<Backend, 'facets' | 'name'>,
	{cascade}: {readonly cascade?: Cascade} = {},
): string | undefined {
	return cascade === undefined || facets.cascades
		? undefined
		: `${name} has no --cascade: what belongs to it goes with it`;
}
