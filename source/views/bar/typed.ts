/** What is typed into the command bar: a word, what stands behind it, and the namespace that it is to be looked at in (`all`: every one). */
export type Typed = {readonly word: string; readonly rest: string; readonly namespace?: string};

const allFlags: ReadonlySet<string> = new Set(['-A', '--all-namespaces']);
const oneFlag = /^(?:--namespace(?:=(.*))?|-n=?(.*))$/;

/** `:po -A`, `:cm -n shop`: flags as kubectl's users type them are taken out, wherever they stand. */
export function readTyped(text: string): Typed {
	const [word = '', ...words] = text.trim().split(/\s+/);
	const rest: string[] = [];
	let namespace: string | undefined;
	for (let index = 0; index < words.length; index++) {
		const one = words[index] ?? '';
		const [found, long, short] = oneFlag.exec(one) ?? [];
		if (allFlags.has(one)) {
			namespace = 'all';
		} else if (found !== undefined) {
			namespace = long || short || words[++index] || namespace;
		} else {
			rest.push(one);
		}
	}

	const isAsked = words.length !== rest.length;
	const behind = isAsked ? rest.join(' ') : text.trim().slice(word.length).trim();
	return {word: word.toLowerCase(), rest: asSelector(behind), ...(namespace === undefined ? {} : {namespace})};
}

/** `--selector app=web` is `-l app=web` to a filter. */
function asSelector(rest: string): string {
	return rest.replace(/^(?:--selector[ =]|-l=)/, '-l ');
}
