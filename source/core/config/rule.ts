import {isObject} from '../difference/merge-patch.ts';
import {nearMiss} from '../text/near-miss.ts';
import {stripControl} from '../text/text.ts';

/** Where in a document: names of members, numbers of entries. */
export type Path = ReadonlyArray<string | number>;

/** What is wrong there, and what is allowed. `isKey`: it is the name that is wrong, not what it stands for. */
export type Finding = {readonly path: Path; readonly message: string; readonly isKey?: boolean};

/** One place of a document: what is written there, for people and editors as JSON Schema, and how it is checked. */
export type Rule = {
	readonly schema: Readonly<Record<string, unknown>>;
	findings(value: unknown, path: Path): readonly Finding[];
};

function wrong(path: Path, allowed: string, value: unknown): readonly Finding[] {
	const text = typeof value === 'string' ? JSON.stringify(stripControl(value)) : described(value);
	return [{path, message: `must be ${allowed}, found ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`}];
}

function described(value: unknown): string {
	return value === null || value === undefined
		? 'nothing'
		: Array.isArray(value)
			? 'a list'
			: isObject(value)
				? 'an object'
				: String(value);
}

type TextOptions = {readonly allowed?: string; readonly pattern?: RegExp; check?(text: string): string | undefined};

/** Text; `check` answers why not. */
export function text(description: string, {allowed = 'text', pattern, check}: TextOptions = {}): Rule {
	return {
		schema: {type: 'string', description, ...(pattern === undefined ? {} : {pattern: pattern.source})},
		findings(value, path) {
			if (typeof value !== 'string' || value === '' || pattern?.test(value) === false) {
				return wrong(path, allowed, value);
			}

			const why = check?.(value);
			return why === undefined ? [] : [{path, message: why}];
		},
	};
}

export function flag(description: string): Rule {
	return {
		schema: {type: 'boolean', description},
		findings: (value, path) => (typeof value === 'boolean' ? [] : wrong(path, 'true or false', value)),
	};
}

export function integer(description: string, min: number, max: number): Rule {
	return {
		schema: {type: 'integer', minimum: min, maximum: max, description},
		findings: (value, path) =>
			Number.isInteger(value) && Number(value) >= min && Number(value) <= max
				? []
				: wrong(path, `a whole number from ${min} to ${max}`, value),
	};
}

export function oneOf(description: string, choices: readonly string[]): Rule {
	return {
		schema: {enum: choices, description},
		findings(value, path) {
			if (choices.includes(value as string)) {
				return [];
			}

			const [{message} = {message: ''}] = wrong(path, listed(choices), value);
			const near = typeof value === 'string' ? nearMiss(value, choices) : undefined;
			return [{path, message: near === undefined ? message : `${message}: did you mean ${near}?`}];
		},
	};
}

const mostListed = 12;

function listed(choices: readonly string[]): string {
	const more = choices.length - mostListed;
	return `one of ${choices.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** One, or a list of them. */
export function oneOrMany(rule: Rule): Rule {
	return {
		schema: {anyOf: [rule.schema, {type: 'array', items: rule.schema, minItems: 1}]},
		findings: (value, path) =>
			Array.isArray(value)
				? value.flatMap((item, index) => rule.findings(item, [...path, index]))
				: rule.findings(value, path),
	};
}

/** The first rule that fits by its kind: a flag or a text. */
export function flagOrText(description: string, rule: Rule): Rule {
	return {
		schema: {anyOf: [{type: 'boolean'}, rule.schema], description},
		findings: (value, path) => (typeof value === 'boolean' ? [] : rule.findings(value, path)),
	};
}

export function list(description: string, rule: Rule): Rule {
	return {
		schema: {type: 'array', items: rule.schema, description},
		findings: (value, path) =>
			Array.isArray(value)
				? value.flatMap((item, index) => rule.findings(item, [...path, index]))
				: wrong(path, 'a list', value),
	};
}

/** Members by any of the names that `key` allows. */
export function record(description: string, key: Rule, rule: Rule): Rule {
	return {
		schema: {type: 'object', description, propertyNames: key.schema, additionalProperties: rule.schema},
		findings(value, path) {
			if (!isObject(value)) {
				return wrong(path, 'an object', value);
			}

			return Object.entries(value).flatMap(([name, member]) => {
				const own = key.findings(name, [...path, name]).map(finding => ({...finding, isKey: true}));
				return own.length > 0 ? own : rule.findings(member, [...path, name]);
			});
		},
	};
}

/** Exactly these members; those that end with `!` have to be there. */
export function object(description: string, members: Readonly<Record<string, Rule>>): Rule {
	const rules = new Map(Object.entries(members).map(([name, rule]) => [name.replace('!', ''), rule]));
	const required = Object.keys(members)
		.filter(name => name.endsWith('!'))
		.map(name => name.replace('!', ''));
	return {
		schema: {
			type: 'object',
			description,
			properties: Object.fromEntries([...rules].map(([name, {schema}]) => [name, schema])),
			...(required.length > 0 ? {required} : {}),
			additionalProperties: false,
		},
		findings(value, path) {
			if (!isObject(value)) {
				return wrong(path, 'an object', value);
			}

			const missing = required
				.filter(name => !Object.hasOwn(value, name))
				.map(name => ({path, message: `has no ${name}, which has to be there`}));
			const found = Object.entries(value).flatMap(
				([name, member]) =>
					rules.get(name)?.findings(member, [...path, name]) ?? unknown(path, name, [...rules.keys()]),
			);
			return [...missing, ...found];
		},
	};
}

function unknown(path: Path, name: string, known: readonly string[]): readonly Finding[] {
	const near = nearMiss(name, known);
	const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
	return [{path: [...path, name], message: `is not known: ${hint}`, isKey: true}];
}

/** `commands[0].key`. */
export function pathText(path: Path): string {
	return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
