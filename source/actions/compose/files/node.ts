import {isObject} from '../../../core/difference/merge-patch.ts';
import {isTagged, type Tagged} from './tagged.ts';

/** Where a value was written: what is wrong with it is told by this, wherever it has got to. */
export type Place = {readonly file: string; readonly path: string};

/** A value of a Compose file that knows where it comes from, while several of them are put together. */
export type Node = {readonly at: Place; readonly tag?: Tagged['tag']} & (
	| {readonly type: 'scalar'; readonly value: unknown}
	| {readonly type: 'mapping'; readonly members: ReadonlyMap<string, Node>}
	| {readonly type: 'list'; readonly items: readonly Node[]}
);

export type Mapping = Extract<Node, {type: 'mapping'}>;
export type List = Extract<Node, {type: 'list'}>;

export function nodeOf(value: unknown, at: Place): Node {
	if (isTagged(value)) return {...nodeOf(value.value, at), tag: value.tag};
	if (Array.isArray(value)) {
		return {type: 'list', at, items: value.map((one, index) => nodeOf(one, {...at, path: `${at.path}[${index}]`}))};
	}

	if (!isObject(value)) return {type: 'scalar', at, value};
	const members = Object.entries(value).map(([key, one]) => [key, nodeOf(one, within(at, key))] as const);
	return {type: 'mapping', at, members: new Map(members)};
}

export function within({file, path}: Place, key: string): Place {
	return {file, path: path === '' ? key : `${path}.${key}`};
}

export function plainOf(node: Node): unknown {
	if (node.type === 'scalar') return node.value;
	if (node.type === 'list') return node.items.map(item => plainOf(item));
	return Object.fromEntries([...node.members].map(([key, member]) => [key, plainOf(member)]));
}

/** Of every value, by its path in what was put together, where it was written. */
export type Places = ReadonlyMap<string, Place>;

export function placesOf(root: Node): Places {
	const places = new Map<string, Place>();
	const walk = (node: Node, path: string): void => {
		places.set(path, node.at);
		if (node.type === 'list') node.items.forEach((item, index) => void walk(item, `${path}[${index}]`));
		if (node.type !== 'mapping') return;
		for (const [key, member] of node.members) walk(member, path === '' ? key : `${path}.${key}`);
	};
	walk(root, '');
	return places;
}

/** Of what is not there itself, what it would be in; undefined: nothing of that is in a file. */
export function placeOf(places: Places, path: string): Place | undefined {
	for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
		const place = places.get(path.slice(0, end));
		if (place !== undefined) return {file: place.file, path: place.path + path.slice(end)};
	}

	return undefined;
}

export function textOf(node: Node | undefined): string | undefined {
	return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function isEmpty(node: Node): boolean {
	return node.type === 'scalar' && (node.value === null || node.value === undefined);
}

export function memberOf(node: Node | undefined, key: string): Node | undefined {
	return node?.type === 'mapping' ? node.members.get(key) : undefined;
}

export function without(node: Mapping, key: string): Mapping {
	return {...node, members: new Map([...node.members].filter(([name]) => name !== key))};
}

/** With this in the place of that member. */
export function withMember(node: Mapping, key: string, member: Node): Mapping {
	return {...node, members: new Map(node.members).set(key, member)};
}
