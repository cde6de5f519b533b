import {isObject} from '../../../core/difference/merge-patch.ts';
import type {Findings} from '../project/section.ts';
import {isTagged, Tagged} from './tagged.ts';

/** `$NAME`, `${NAME}`, or `${NAME` with what stands for it behind one of these. */
const start = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-?+])?)/y;

/**
 * A document whose texts have the values of variables in them, as the Compose Specification has it: `${A:-other}`, `${A-other}`,
 * `${A:?why}`, `${A?why}`, `${A:+other}`, `${A+other}`, `$$`. One that is not set is empty, and told.
 */
export function interpolate(document: unknown, env: Readonly<Record<string, string | undefined>>, findings: Findings) {
	const unset = new Set<string>();

	/** Up to the end, or (within braces) up to the one that closes them; and what is left. */
	function fill(template: string, path: string, isInner: boolean): readonly [string, string] {
		let filled = '';
		let index = 0;
		while (index < template.length) {
			const letter = template.charAt(index);
			if (isInner && letter === '}') return [filled, template.slice(index)];
			start.lastIndex = index;
			const found = letter === '$' ? start.exec(template) : null;
			if (found === null) {
				if (letter === '$')
					findings.refuse(path, `has a $ that begins no variable in ${JSON.stringify(template)}: $$ is one`);
				filled += letter;
				index++;
				continue;
			}

			const [whole, bare, braced, operator] = found;
			index += whole.length;
			if (whole === '$$') filled += '$';
			else if (bare !== undefined) filled += setValue(bare);
			else {
				const [word, rest] =
					operator === undefined ? ['', template.slice(index)] : fill(template.slice(index), path, true);
				if (!rest.startsWith('}')) {
					findings.refuse(path, `has a \${ without its } in ${JSON.stringify(template)}`);
					return [filled, ''];
				}

				filled += chosen(braced ?? '', operator, word, path);
				index = template.length - rest.length + 1;
			}
		}

		return [filled, ''];
	}

	function chosen(name: string, operator: string | undefined, word: string, path: string): string {
		const value = env[name];
		const isThere = value !== undefined && (operator?.startsWith(':') !== true || value !== '');
		if (operator?.endsWith('+')) return isThere ? word : '';
		if (isThere) return value;
		if (operator?.endsWith('-')) return word;
		if (operator?.endsWith('?')) {
			findings.refuse(path, `needs the variable ${name}${word === '' ? '' : `: ${word}`}`);
			return '';
		}

		return setValue(name);
	}

	function setValue(name: string): string {
		const value = env[name];
		if (value === undefined && !unset.has(name)) {
			unset.add(name);
			findings.note(name, 'is not set, and taken as empty');
		}

		return value ?? '';
	}

	function walk(value: unknown, path: string): unknown {
		if (isTagged(value)) return new Tagged(value.tag, walk(value.value, path));
		if (typeof value === 'string') return fill(value, path, false)[0];
		if (Array.isArray(value)) return value.map((one, index) => walk(one, `${path}[${index}]`));
		if (!isObject(value)) return value;
		return Object.fromEntries(
			Object.entries(value).map(([key, one]) => [key, walk(one, path === '' ? key : `${path}.${key}`)]),
		);
	}

	return walk(document, '');
}

/** Lines of NAME=VALUE, as in `.env`: with `export` before them, in quotes, with comments. */
export function readEnvFile(text: string): Record<string, string> {
	const values: Record<string, string> = {};
	for (const line of text.split(/\r?\n/)) {
		const [, name, rest = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line) ?? [];
		if (name !== undefined) values[name] = plainValue(rest);
	}

	return values;
}

function plainValue(text: string): string {
	const [, single, double] = /^'([^']*)'\s*(?:#.*)?$|^"((?:\\.|[^"\\])*)"\s*(?:#.*)?$/.exec(text) ?? [];
	if (single !== undefined) return single;
	if (double !== undefined)
		return double.replace(/\\(.)/g, (_, letter: string) => ({n: '\n', t: '\t'})[letter] ?? letter);
	return text.replace(/\s+#.*$/, '').trimEnd();
}
