import type {PreviewRow} from '../../actions/action.ts';
import {type Comparison, change, short} from '../../core/difference/comparison.ts';
import {same} from '../../core/difference/three-way.ts';

/** Both sides of what changed, for a panel: what collides is marked. */
export function comparisonRows({mine, theirs, colliding}: Comparison): readonly PreviewRow[] {
	const own = mine.map((one): PreviewRow => {
		const other = theirs.find(({path}) => path === one.path || path.startsWith(`${one.path}.`));
		return colliding.includes(one)
			? {name: one.path, change: `you: ${change(one)}`, note: `meanwhile ${short(other?.to)}`, blocked: true}
			: {name: one.path, change: `you: ${change(one)}`};
	});
	const others = theirs
		.filter(({path, to}) => !mine.some(one => one.path === path && (colliding.includes(one) || same(one.to, to))))
		.map((one): PreviewRow => ({name: one.path, change: `meanwhile: ${change(one)}`}));
	return [...own, ...others];
}
