import type {Action, Field, Fields, Input} from '../../actions/action.ts';
import {flagName} from '../../actions/fields/equal-command.ts';
import {quote, splitWords} from '../../actions/fields/shell.ts';
import {toClusterError} from '../../core/error.ts';
import type {Target} from '../keymap.ts';
import {type Line, lineOf} from './line-edit.ts';

/** One field of an action as it is typed. A text that is empty is a value that is not given. */
export type FormField = {
	readonly name: string;
	readonly field: Field<unknown>;
	/** As its flag is called, without the dashes. */
	readonly label: string;
	readonly line: Line;
	/** What stood there at first: of what is changed, what it is now. */
	readonly first: string;
};

/** An action's fields, to be filled in. */
export type Form = {
	readonly type: 'form';
	readonly action: Action;
	readonly target: Target | undefined;
	/** It was listed when the form was opened: where it is not any more, it was removed. */
	readonly wasThere?: boolean;
	readonly fields: readonly FormField[];
	/** The one that keys go to. */
	readonly index: number;
	/** When a text was last changed, on the monotonic clock: what takes long waits for a pause. */
	readonly changedAtMs: number;
	/** Typed text would be lost: esc was pressed once. */
	readonly isLeaving?: boolean;
	/** Enter was pressed in vain: why is said louder. */
	readonly isRefused?: boolean;
};

/** A form for any action. What is changed is shown as it is now; `given` is filled in. */
export function formOf(
	action: Action,
	target: Target | undefined,
	given: Readonly<Record<string, unknown>> = {},
): Form {
	const now = target === undefined ? {} : (action.form?.now?.(target) ?? {});
	const hidden = new Set(action.form?.hidden);
	const fields = inOrder(action.fields)
		.filter(([name]) => !hidden.has(name))
		.map(([name, field]): FormField => {
			const first = textOf(field, (now as Readonly<Record<string, unknown>>)[name]);
			const line = lineOf(given[name] === undefined ? first : textOf(field, given[name]));
			return {name, field, label: flagName(name).slice(2), line, first};
		});
	return {type: 'form', action, target, fields, index: 0, changedAtMs: 0};
}

/** Words first: what it is about, and what it is called. */
function inOrder(fields: Fields): ReadonlyArray<[string, Field<unknown>]> {
	const rank = ([name, {operand}]: [string, Field<unknown>]) =>
		operand === 'one' || operand === 'assign' ? 0 : operand === 'rest' ? 1 : name === 'name' ? 2 : 3;
	return Object.entries(fields).toSorted((a, b) => rank(a) - rank(b));
}

/** A value as it is typed; several of them as words of a shell, behind which the next one can be typed at once. */
export function textOf(field: Field<unknown>, value: unknown): string {
	if (value === undefined) {
		return '';
	}

	const write = (one: unknown) => (field.format ? field.format(one) : String(one));
	return field.many ? (value as readonly unknown[]).map(one => `${quote(write(one))} `).join('') : write(value);
}

export type Reading = {
	readonly input: Input<Fields>;
	/** What is wrong, by the field's name. */
	readonly errors: ReadonlyMap<string, string>;
};

const readings = new WeakMap<Form, Reading>();

/** What a form asks for so far. */
export function readForm(form: Form): Reading {
	const known = readings.get(form) ?? read(form);
	readings.set(form, known);
	return known;
}

function read({fields, action}: Form): Reading {
	const input: Record<string, unknown> = {};
	const errors = new Map<string, string>();
	for (const {name, field, line, first} of fields) {
		try {
			if (line.text !== first) {
				give(input, action, {name, field, text: line.text, first});
			}
		} catch (error) {
			errors.set(name, toClusterError(error).message);
		}
	}

	return {input, errors};
}

type Changed = {readonly name: string; readonly field: Field<unknown>; readonly text: string; readonly first: string};

/** A text that differs from what stood there. Of several values, those that are new are given, and those that went are taken away. */
function give(input: Record<string, unknown>, action: Action, {name, field, text, first}: Changed): void {
	if (!field.many) {
		const value = text.trim() === '' ? undefined : field.parse(text.trim());
		if (value === undefined) {
			throw new Error('it can be replaced here, not taken away: that can be done in its YAML');
		}

		input[name] = value;
		return;
	}

	const values = wordsOf(text).map(word => parsed(field, word));
	const taking = action.form?.takesAway?.[name];
	const before = taking === undefined ? [] : wordsOf(first).map(word => field.parse(word));
	const keys = new Set(values.map(value => taking?.key(value)));
	const gone = before.filter(value => !keys.has(taking?.key(value)));
	const written = new Set(before.map(value => textOf({...field, many: false}, value)));
	const added = values.filter(value => !written.has(textOf({...field, many: false}, value)));
	if (values.length === 0 && taking === undefined) {
		throw new Error('it can be replaced here, not taken away: that can be done in its YAML');
	}

	if (added.length > 0) {
		input[name] = added;
	}

	if (gone.length > 0 && taking !== undefined) {
		const more = gone.map(value => taking.value(value));
		input[taking.field] = [...((input[taking.field] as readonly unknown[] | undefined) ?? []), ...more];
	}
}

function wordsOf(text: string): readonly string[] {
	const words = splitWords(text);
	if (words === undefined) {
		throw new Error('a quote is not closed');
	}

	return words;
}

function parsed(field: Field<unknown>, word: string): unknown {
	const value = field.parse(word);
	const isInherited = typeof value === 'object' && value !== null && 'inherited' in value;
	if (isInherited) {
		throw new Error(`${JSON.stringify(word)} has no value: write ${word}=VALUE`);
	}

	return value;
}

/** The field that a message about a flag is about: `--replicas must be …`, `IMAGE is missing`. */
export function fieldNamed(form: Form, message: string): FormField | undefined {
	return form.fields.find(
		({label, field, name}) =>
			message.startsWith(`--${label} `) ||
			message.startsWith(`--${label}:`) ||
			(field.operand !== undefined && message.startsWith(`${field.placeholder ?? name.toUpperCase()} `)),
	);
}

/** Whether anything would be lost. */
export function isTouched({fields}: Form): boolean {
	return fields.some(({line, first}) => line.text !== first);
}
