const placeholder = /\{\{\s*([\w.-]*)\s*\}\}/g;

/** The names in a command, in their order: `ssh {{node}} top -p {{status.pid}}`. */
export function placeholdersIn(command: string): readonly string[] {
	return [...command.matchAll(placeholder)].map(([, name = '']) => name);
}

/** With each placeholder as a word of a shell; what is not there is told instead. */
export function filledIn(
	command: string,
	value: (name: string) => string | undefined,
	quote: (word: string) => string,
): {readonly line: string} | {readonly missing: string} {
	const missing = placeholdersIn(command).find(name => value(name) === undefined);
	return missing === undefined
		? {line: command.replaceAll(placeholder, (_, name: string) => quote(value(name) ?? ''))}
		: {missing};
}

/** Why the placeholders of a command cannot be filled in; undefined: they can. Within quotes a value could end them. */
export function placeholderMistake(command: string): string | undefined {
	let quoted = '';
	for (let index = 0; index < command.length; index++) {
		const character = command[index] ?? '';
		if (character === '\\' && quoted !== "'") {
			index++;
		} else if (quoted === '' && (character === "'" || character === '"')) {
			quoted = character;
		} else if (character === quoted) {
			quoted = '';
		} else if (quoted !== '' && command.startsWith('{{', index)) {
			return 'has a placeholder within quotes: each is quoted by itself, so take the quotes away';
		}
	}

	return undefined;
}

/** What stands in an object at a path: `spec.labels.team`; a label's name may have dots itself. */
export function valueAt(object: unknown, path: string): unknown {
	const whole = memberOf(object, path);
	if (whole !== undefined) {
		return whole;
	}

	for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
		const member = memberOf(object, path.slice(0, dot));
		const found = member === undefined ? undefined : valueAt(member, path.slice(dot + 1));
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
}

function memberOf(object: unknown, name: string): unknown {
	return typeof object === 'object' && object !== null && Object.hasOwn(object, name)
		? (object as Readonly<Record<string, unknown>>)[name]
		: undefined;
}

/** A value of an object as one line; what is not there is undefined. */
export function valueText(value: unknown): string | undefined {
	if (value === undefined || value === null) {
		return undefined;
	}

	if (Array.isArray(value)) {
		return value.map(item => valueText(item) ?? '').join(',');
	}

	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
