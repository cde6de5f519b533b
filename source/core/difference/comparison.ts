import {collisions, type Difference, differences, patchBetween, withDifference} from './three-way.ts';

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
	const joined = mine.filter(({path}) => !kept.has(path)).reduce<unknown>(withDifference, current);
	return {mine, theirs, colliding, patch, joined};
}

/** `3 → 5`, `+ "a"`, `− "a"` */
export function change({from, to}: Difference): string {
	return from === undefined
		? `+ ${short(to)}`
		: to === undefined
			? `− ${short(from)}`
			: `${short(from)} → ${short(to)}`;
}

const mostCharacters = 60;

export function short(value: unknown): string {
	const text = value === undefined ? 'nothing' : JSON.stringify(value);
	return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
