import type {Labels} from '../../core/model/index.ts';

/** What a filter looks at in a row. */
export type Filterable = {readonly text: string; readonly labels?: Labels};

export type Filter = {
	readonly matches: (row: Filterable) => boolean;
	/** Shown beside the filter: why it is not read as it may have been meant. */
	readonly note?: string;
};

/**
 * `web` finds by regular expression (small letters find capitals too), `!web` all others, `-f wb` the letters in this order,
 * `-l app=web` and `-l app` by label. What is no regular expression is looked for as it stands.
 */
export function parseFilter(text: string): Filter | undefined {
	const trimmed = text.trim();
	if (trimmed === '' || trimmed === '!') {
		return undefined;
	}

	if (trimmed.startsWith('!')) {
		const inner = parseFilter(trimmed.slice(1));
		return inner && {...inner, matches: row => !inner.matches(row)};
	}

	const [, option, value = ''] = /^-([fl])(?:\s+(.*))?$/.exec(trimmed) ?? [];
	if (option !== undefined) {
		return value === '' ? undefined : option === 'f' ? fuzzy(value) : labels(value);
	}

	return regex(trimmed);
}

function regex(pattern: string): Filter {
	const flags = /[A-Z]/.test(pattern) ? 'u' : 'iu';
	try {
		const expression = new RegExp(pattern, flags);
		return {matches: ({text}) => expression.test(text)};
	} catch {
		const wanted = pattern.toLowerCase();
		return {matches: ({text}) => text.toLowerCase().includes(wanted), note: 'no regular expression, taken as text'};
	}
}

function fuzzy(letters: string): Filter {
	const wanted = [...letters.toLowerCase()].filter(letter => letter !== ' ');
	return {
		matches({text}) {
			const characters = text.toLowerCase();
			let from = 0;
			return wanted.every(letter => {
				from = characters.indexOf(letter, from) + 1;
				return from > 0;
			});
		},
	};
}

/** All of several, with commas between them. */
function labels(selector: string): Filter {
	const all = selector
		.split(',')
		.filter(one => one.trim() !== '')
		.map(one => label(one.trim()));
	return {matches: row => all.every(({matches}) => matches(row))};
}

function label(selector: string): Filter {
	const [, key = '', operator, value = ''] = /^([^=!]+)(?:(!?=)=?(.*))?$/.exec(selector) ?? [];
	return {
		matches({labels = {}}) {
			const found = labels[key.trim()];
			switch (operator) {
				case '=':
					return found === value.trim();
				case '!=':
					return found !== value.trim();
				default:
					return found !== undefined;
			}
		},
	};
}
