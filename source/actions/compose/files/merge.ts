import {type MergeRule, ruleOf} from './merge-rules.ts';
import {isEmpty, type List, type Mapping, memberOf, type Node, plainOf, textOf} from './node.ts';

/** What a later file makes of an earlier one, by the Compose Specification; undefined: it takes all of it away. */
export function merge(base: Node | undefined, over: Node, path: readonly string[] = []): Node | undefined {
	if (over.tag === 'reset') return undefined;
	if (over.tag === 'override' || base === undefined || isEmpty(base)) return settled(over);
	if (isEmpty(over)) return base;
	const rule = ruleOf(path);
	if (rule !== undefined) return byRule(rule, base, over, path);
	if (base.type === 'mapping' && over.type === 'mapping') return mergeMembers(base, over, path);
	if (base.type === 'list' && over.type === 'list') return append(base, over);
	return settled(over);
}

/** A value that has nothing before it: what it takes away is not there, what it takes the place of neither. */
export function settled(node: Node): Node {
	const {tag: _, ...bare} = node;
	if (bare.type === 'scalar') return bare;
	if (bare.type === 'list') return {...bare, items: bare.items.filter(isKept).map(settled)};
	const members = [...bare.members].filter(([, member]) => isKept(member));
	return {...bare, members: new Map(members.map(([key, member]) => [key, settled(member)]))};
}

function isKept({tag}: Node): boolean {
	return tag !== 'reset';
}

function byRule(rule: MergeRule, base: Node, over: Node, path: readonly string[]): Node | undefined {
	switch (rule.how) {
		case 'replace':
			return settled(over);
		case 'mapping':
			return mergeEntries(rule.asMapping(base), rule.asMapping(over), path);
		case 'texts':
			return append(asList(base), asList(over));
		case 'unique':
			return base.type === 'list' && over.type === 'list' ? mergeUnique(base, over, rule.keyOf, path) : settled(over);
		case 'driver': {
			const [was, is] = [base, over].map(one => textOf(memberOf(one, 'driver')));
			const isOther = was !== undefined && is !== undefined && was !== is;
			return isOther || base.type !== 'mapping' || over.type !== 'mapping'
				? settled(over)
				: mergeMembers(base, over, path);
		}
	}
}

/** An empty value says something here: `A:` of an environment is the variable as whoever applies the file has it. */
function mergeEntries(base: Node, over: Node, path: readonly string[]): Node {
	if (base.type !== 'mapping' || over.type !== 'mapping') return settled(over);
	const empty = [...over.members].filter(([, member]) => isKept(member) && isEmpty(member));
	const {members, ...rest} = mergeMembers(base, over, path);
	const kept = empty.filter(([key]) => memberOf(base, key)?.type === 'scalar');
	return {...rest, members: new Map([...members, ...kept])};
}

function mergeMembers(base: Mapping, over: Mapping, path: readonly string[]): Mapping {
	const members = new Map(base.members);
	for (const [key, member] of over.members) {
		const merged = merge(base.members.get(key), member, [...path, key]);
		if (merged === undefined) members.delete(key);
		else members.set(key, merged);
	}

	return {...base, members};
}

function asList(node: Node): List {
	const {tag: _, ...bare} = node;
	return bare.type === 'list' ? bare : {type: 'list', at: node.at, items: [bare]};
}

function append(base: List, over: List): List {
	const print = (item: Node) => JSON.stringify(plainOf(item));
	const had = new Set(base.items.map(print));
	const more = over.items.filter(item => isKept(item) && !had.has(print(item)));
	return {...base, items: [...base.items, ...more.map(settled)]};
}

function mergeUnique(
	base: List,
	over: List,
	keyOf: (entry: Node) => string | undefined,
	path: readonly string[],
): List {
	const items = [...base.items];
	for (const entry of over.items.filter(isKept)) {
		const key = keyOf(entry);
		const index = key === undefined ? -1 : items.findIndex(item => keyOf(item) === key);
		const before = items[index];
		if (before === undefined) items.push(settled(entry));
		else items[index] = merge(before, entry, [...path, key ?? '']) ?? before;
	}

	return {...base, items};
}
