import {isObject} from '../../../core/difference/merge-patch.ts';
import {toClusterError} from '../../../core/error.ts';
import {type Problem, problem} from '../../../core/spec/check.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';
import {stripControl} from '../../../core/text/text.ts';
import {commandWords} from '../../fields/shell.ts';

/** What was found while a file was read: what is wrong, and what is left out because nothing here is like it. */
export class Findings {
	readonly problems: Problem[] = [];
	readonly notes: string[] = [];

	wrong(path: string, allowed: string, value: unknown): void {
		this.problems.push(problem(path, allowed, value));
	}

	refuse(path: string, message: string): void {
		this.problems.push({path, message});
	}

	note(path: string, message: string): void {
		this.notes.push(`${path}: ${message}`);
	}
}

type Scalar = string | number | boolean;

/** One mapping of a file. Each member is asked for once; what nobody has asked for is told by `end`. */
export class Section {
	readonly path: string;
	readonly findings: Findings;
	readonly #members: Readonly<Record<string, unknown>>;
	readonly #asked = new Set<string>();

	constructor(findings: Findings, path: string, value: unknown) {
		this.findings = findings;
		this.path = path;
		const isEmpty = value === null || value === undefined;
		if (!isEmpty && !isObject(value)) findings.wrong(path, 'a mapping', value);
		this.#members = isObject(value) ? value : {};
	}

	/** Undefined where it is not there, or empty. */
	raw(key: string): unknown {
		this.#asked.add(key);
		return this.#members[key] ?? undefined;
	}

	keys(): readonly string[] {
		return Object.keys(this.#members);
	}

	at(key: string | number): string {
		return `${this.path === '' ? '' : `${this.path}.`}${key}`;
	}

	text(key: string): string | undefined {
		return this.asText(key, this.raw(key));
	}

	/** As `parse` reads it, which throws `usage`. */
	parsed<T>(key: string, parse: (text: string) => T): T | undefined {
		const text = this.text(key);
		return text === undefined ? undefined : this.reading(key, () => parse(text));
	}

	/** What fails with it is a problem of this member. */
	reading<T>(key: string | number, read: () => T): T | undefined {
		try {
			return read();
		} catch (thrown) {
			this.findings.refuse(this.at(key), toClusterError(thrown).message);
			return undefined;
		}
	}

	whole(key: string, min = 0): number | undefined {
		const value = this.raw(key);
		const number = typeof value === 'string' && value !== '' ? Number(value) : value;
		if (number === undefined) return undefined;
		if (typeof number === 'number' && Number.isSafeInteger(number) && number >= min) return number;
		this.findings.wrong(this.at(key), `a whole number from ${min}`, value);
		return undefined;
	}

	ratio(key: string): number | undefined {
		const value = this.raw(key);
		const number = Number(value);
		if (value === undefined || (number >= 0 && number <= 1)) return value === undefined ? undefined : number;
		this.findings.wrong(this.at(key), 'a number from 0 to 1', value);
		return undefined;
	}

	flag(key: string): boolean | undefined {
		const value = this.raw(key);
		if (value === undefined || typeof value === 'boolean') return value;
		if (value === 'true' || value === 'false') return value === 'true';
		this.findings.wrong(this.at(key), 'true or false', value);
		return undefined;
	}

	/** One of the words, as what it stands for. */
	oneOf<T>(key: string, words: Readonly<Record<string, T>>): T | undefined {
		const text = this.text(key);
		if (text === undefined) return undefined;
		if (Object.hasOwn(words, text)) return words[text];
		this.findings.wrong(this.at(key), `one of ${Object.keys(words).join(', ')}`, text);
		return undefined;
	}

	list(key: string): readonly unknown[] | undefined {
		const value = this.raw(key);
		if (value === undefined || Array.isArray(value)) return value;
		this.findings.wrong(this.at(key), 'a list', value);
		return undefined;
	}

	/** A list of texts; one alone need be none. */
	texts(key: string): readonly string[] | undefined {
		const value = this.raw(key);
		if (value === undefined) return undefined;
		const all = Array.isArray(value) ? value : [value];
		return all.flatMap((one, index) => this.asText(`${key}[${index}]`, one) ?? []);
	}

	/** A list of words, or a line that a shell would split. */
	command(key: string): readonly string[] | undefined {
		const value = this.raw(key);
		if (typeof value !== 'string') return this.texts(key);
		return this.reading(key, () => commandWords(key, value));
	}

	/** A mapping of texts, or a list of KEY=VALUE; without a value: undefined. */
	pairs(key: string, separator = '='): ReadonlyArray<readonly [string, string | undefined]> | undefined {
		const value = this.raw(key);
		if (value === undefined) return undefined;
		if (isObject(value)) {
			return Object.entries(value).map(([name, one]) => [name, this.asText(`${key}.${name}`, one)]);
		}

		return this.texts(key)?.map(line => {
			const index = line.indexOf(separator);
			return index < 0 ? [line, undefined] : [line.slice(0, index), line.slice(index + separator.length)];
		});
	}

	section(key: string): Section | undefined {
		const value = this.raw(key);
		return value === undefined ? undefined : new Section(this.findings, this.at(key), value);
	}

	/** A mapping of mappings; one may be empty. */
	sections(key: string): ReadonlyArray<readonly [string, Section]> {
		const value = this.raw(key);
		if (value === undefined) return [];
		if (!isObject(value)) this.findings.wrong(this.at(key), 'a mapping', value);
		return Object.entries(isObject(value) ? value : {}).map(([name, one]) => [
			name,
			new Section(this.findings, `${this.at(key)}.${name}`, one),
		]);
	}

	/** `left`: what is named and left out, with the reason; `lacking`: what is refused. Names of one's own begin with `x-`. */
	end(left: Readonly<Record<string, string>> = {}, lacking: Readonly<Record<string, string>> = {}): void {
		const known = [...this.#asked, ...Object.keys(left), ...Object.keys(lacking)];
		for (const key of Object.keys(this.#members)) {
			if (this.#asked.has(key) || key.startsWith('x-') || this.#members[key] === null) continue;
			const path = this.at(stripControl(key));
			if (Object.hasOwn(left, key)) this.findings.note(path, left[key] ?? '');
			else if (Object.hasOwn(lacking, key)) this.findings.refuse(path, lacking[key] ?? '');
			else this.#unknown(path, key, known);
		}
	}

	#unknown(path: string, key: string, known: readonly string[]): void {
		const meant = nearMiss(key, known);
		this.findings.refuse(path, `is not known here${meant === undefined ? '' : `; did you mean ${meant}?`}`);
	}

	/** A value of this member, as a text. */
	asText(key: string, value: unknown, allowed = 'a text'): string | undefined {
		if (value === undefined || value === null) return undefined;
		if (isScalar(value)) return String(value);
		this.findings.wrong(this.at(key), allowed, value);
		return undefined;
	}
}

function isScalar(value: unknown): value is Scalar {
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** An object of those members that are there. */
export function given<T extends Readonly<Record<string, unknown>>>(members: T): Partial<T> | undefined {
	const there = Object.entries(members).filter(([, value]) => value !== undefined);
	return there.length === 0 ? undefined : (Object.fromEntries(there) as Partial<T>);
}
