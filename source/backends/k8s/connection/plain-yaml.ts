/** `key: value`, `- key: value`, `- value`; what does not look so is not plain. */
const line = /^( *)((?:- +)*)(?:([A-Za-z_][A-Za-z0-9_.-]*):(?: +(.*))?|(.*))$/;
/** Text that means itself in YAML: it begins with no sign of something else and has no `: `, no ` #` and no tab in it. */
const plainStart = /^[A-Za-z0-9_./+=@(,)~$%^;-]/;
const notPlain = /:(?:\s|$)|\s#|[\0-\x1f]/;
/** What is no text although it looks like it, for which there are many ways to write. */
const other = /^(?:[-+.]?[0-9.].*|~|null|true|false|---|\.\.\.|-|-+ .*)$/i;
const quoted = /^'[^']*'$|^"[^"\\]*"$/;

type Level = {readonly indent: number; readonly value: Record<string, unknown> | unknown[]};

class NotPlain extends Error {}

/**
 * Reads YAML as programs write it into kubeconfigs: mappings and lists in blocks, texts on one line. Undefined: it is anything
 * else, which only a whole parser may judge. Loading and running that one would be a third of a short command.
 */
export function parsePlainYaml(text: string): unknown {
	try {
		return parse(text);
	} catch (thrown) {
		if (thrown instanceof NotPlain) return undefined;
		throw thrown;
	}
}

function parse(text: string): unknown {
	const root: Record<string, unknown> = {};
	const levels: Level[] = [{indent: 0, value: root}];
	/** A key without a value on its line: what is deeper below belongs to it. */
	let open: {readonly indent: number; readonly of: Record<string, unknown>; readonly key: string} | undefined;
	for (const written of text.split(/\r?\n/)) {
		if (/^\s*(?:#.*)?$/.test(written) || (written === '---' && Object.keys(root).length === 0)) continue;
		const [, spaces = '', dashes = '', key, value, item] = line.exec(written) ?? refuse();
		let indent = spaces.length;
		if (dashes.length > 0) {
			if (dashes.trim() !== '-') refuse();
			const list = listAt(levels, indent, open);
			open = undefined;
			if (key === undefined) {
				list.push(scalar(item ?? ''));
				continue;
			}

			const entry = {};
			list.push(entry);
			indent += dashes.length;
			levels.push({indent, value: entry});
		} else if (key === undefined) {
			refuse();
		}

		const mapping = mappingAt(levels, indent, open);
		open = undefined;
		if (key === undefined || Object.hasOwn(mapping, key) || key === '__proto__' || other.test(key)) refuse();
		if (value === undefined || value === '') open = {indent, of: mapping, key};
		mapping[key] = open ? null : scalar(value ?? '');
	}

	return root;
}

type Open = {readonly indent: number; readonly of: Record<string, unknown>; readonly key: string} | undefined;

/** A list may stand as deep as the key that it belongs to. */
function listAt(levels: Level[], indent: number, open: Open): unknown[] {
	if (open !== undefined && indent >= open.indent) {
		const list: unknown[] = [];
		open.of[open.key] = list;
		levels.push({indent, value: list});
		return list;
	}

	while ((levels.at(-1)?.indent ?? -1) > indent) levels.pop();
	const value = levels.at(-1);
	return value?.indent === indent && Array.isArray(value.value) ? value.value : refuse();
}

function mappingAt(levels: Level[], indent: number, open: Open): Record<string, unknown> {
	if (open !== undefined && indent > open.indent) {
		const mapping = {};
		open.of[open.key] = mapping;
		levels.push({indent, value: mapping});
		return mapping;
	}

	while ((levels.at(-1)?.indent ?? -1) > indent) levels.pop();
	// Back at a key as deep as the list before it.
	while (Array.isArray(levels.at(-1)?.value) && levels.at(-1)?.indent === indent) levels.pop();
	const level = levels.at(-1);
	return level?.indent === indent && !Array.isArray(level.value) ? level.value : refuse();
}

function scalar(text: string): unknown {
	const value = text.trimEnd();
	if (quoted.test(value)) return value.slice(1, -1);
	if (value === 'true' || value === 'false') return value === 'true';
	if (value === '{}') return {};
	if (value === '[]') return [];
	if (value === 'null') return null;
	return !plainStart.test(value) || notPlain.test(value) || other.test(value) ? refuse() : value;
}

function refuse(): never {
	throw new NotPlain();
}
