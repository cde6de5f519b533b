import type {Instance} from '../model/index.ts';

/** So many nodes are named; of more, only how many there are. */
const namedNodes = 6;

/** Made on use: it takes longer than all else that is done before the first frame of a dashboard. */
let names: Intl.Collator | undefined;

export function byName(a: {readonly name: string}, b: {readonly name: string}): number {
	names ??= new Intl.Collator('en', {numeric: true});
	return names.compare(a.name, b.name);
}

/** `n1 +2, n2 +2, n3 +1`: how many on which node, most first; `sign` is put before each number. */
export function places(instances: readonly Instance[], sign: '' | '+' | '−'): string {
	const counts = Map.groupBy(instances, ({nodeName}) => nodeName ?? 'pending');
	const all = [...counts]
		.map(([name, {length: count}]) => ({name, count}))
		.sort((a, b) => b.count - a.count || byName(a, b));
	const shown = all.length > namedNodes ? all.slice(0, namedNodes - 1) : all;
	const rest = all.slice(shown.length);
	const left = rest.reduce((sum, {count}) => sum + count, 0);
	return [
		...shown.map(({name, count}) => `${name} ${sign}${count}`),
		...(rest.length > 0 ? [`${rest.length} other nodes ${sign}${left}`] : []),
	].join(', ');
}

/** `5 new (n1 +2, n2 +2, n3 +1)`; `2 stop (n1 −2)`. */
export function counted(instances: readonly Instance[], what: string, sign: '+' | '−'): string {
	return `${instances.length} ${what} (${places(instances, sign)})`;
}

/** `slot 4`, `slots 4, 5, 6`, `slots 21 to 100`. */
export function slotsText(instances: readonly Instance[]): string {
	const slots = [...new Set(instances.map(({slot}) => slot))].sort((a, b) => a - b);
	if (slots.length === 1) {
		return `slot ${slots[0]}`;
	}

	return slots.length > 4 ? `slots ${slots[0]} to ${slots.at(-1)}` : `slots ${slots.join(', ')}`;
}

export function plural(count: number, one: string): string {
	return `${count} ${one}${count === 1 ? '' : 's'}`;
}
