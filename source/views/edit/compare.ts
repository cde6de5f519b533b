import type {PreviewRow} from '../../actions/action.ts';
import {mergePatch} from '../../core/merge-patch.ts';
import {collisions, type Difference, differences, patchBetween, same} from '../../core/three-way.ts';

/** What an edit comes to beside what happened meanwhile. */
export type Comparison = {
	/** What was edited, of what was opened. */
	readonly mine: readonly Difference[];
	/** What somebody else has changed since then. */
	readonly theirs: readonly Difference[];
	/** Those of one's own that would take back what somebody else did. */
	readonly colliding: readonly Difference[];
	/** The edit as a merge patch: on top of what is there now it leaves all that it does not name. */
	readonly patch: object;
	/** What is there now with the edit on top of it, but for what collides: that stays as somebody else wrote it. */
	readonly joined: unknown;
};

/** `opened`, `edited`, `current`: whole specs. */
export function compare(opened: object, edited: object, current: object): Comparison {
	const mine = differences(opened, edited);
	const theirs = differences(opened, current);
	const colliding = collisions(mine, theirs);
	const patch = patchBetween(opened, edited) as object;
	const kept = new Set(colliding.map(({path}) => path));
	const joined = mine
		.filter(({path}) => !kept.has(path))
		.reduce<unknown>((spec, {path, to}) => mergePatch<object>(spec as object, patchAt(path, to) as object), current);
	return {mine, theirs, colliding, patch, joined};
}

function patchAt(path: string, value: unknown): unknown {
	return path.split('.').reduceRight<unknown>((inner, name) => ({[name]: inner}), value === undefined ? null : value);
}

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

export function change({from, to}: Difference): string {
	return from === undefined
		? `+ ${short(to)}`
		: to === undefined
			? `− ${short(from)}`
			: `${short(from)} → ${short(to)}`;
}

const mostCharacters = 60;

function short(value: unknown): string {
	const text = value === undefined ? 'nothing' : JSON.stringify(value);
	return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
