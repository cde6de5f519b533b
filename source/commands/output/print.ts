import type {Input} from '../../actions/action.ts';
import {text, toggle} from '../../actions/fields/fields.ts';
import {ClusterError} from '../../core/error.ts';
import {outputFormats, type SharedFlags} from '../arguments/shared-flags.ts';
import type {Host} from '../host.ts';
import {toJson} from './json.ts';
import type {Listing} from './listings.ts';
import {paintFor} from './paint.ts';
import {type Column, renderTable} from './table.ts';
import {parseTemplate, type Template} from './template.ts';

/** The flags of everything that prints a list. */
export const listFields = {
	quiet: toggle('Only ids', {short: 'q'}),
	noHeaders: toggle('No line of titles'),
	format: text('Print each by a template: {{.name}} {{.status.running}}', 'TEMPLATE'),
};

export type ListFlags = Input<typeof listFields>;

type Format = (typeof outputFormats)[number] | 'id' | Template;

/** What the flags ask for; bad combinations throw `usage`, before anything else is done. */
export function formatOf(flags: ListFlags, {output}: SharedFlags, fallback: Format = 'table'): Format {
	const asked = [output && '--output', flags.format && '--format', flags.quiet && '--quiet'].filter(Boolean);
	if (asked.length > 1) {
		throw new ClusterError('usage', `${asked.join(' and ')} do not go together`);
	}

	if (flags.quiet) {
		return 'id';
	}

	// Docker's users write --format json.
	const named = outputFormats.find(name => name === flags.format);
	return flags.format === undefined ? (output ?? fallback) : (named ?? parseTemplate(flags.format));
}

type Named = {readonly id?: string; readonly name: string};

export type Printing<T> = {
	readonly host: Pick<Host, 'stdout' | 'env' | 'now'>;
	readonly listing: Listing<T>;
	readonly context: string;
	readonly format: Format;
	readonly headers: boolean;
	readonly noColor: boolean | undefined;
};

/** The whole list as text. */
export async function renderList<T extends Named>(printing: Printing<T>, items: readonly T[]): Promise<string> {
	const {host, listing, context, format, headers, noColor} = printing;
	const shape = (item: T) => listing.shape(item, context);
	const lines = (line: (item: T) => string) => items.map(item => `${line(item)}\n`).join('');
	switch (format) {
		case 'json':
			return `${toJson(items.map(shape), '  ')}\n`;
		case 'ndjson':
			return lines(item => toJson(shape(item)));
		case 'yaml': {
			const {toYaml} = await import('./yaml.ts');
			return toYaml(items.map(shape));
		}

		case 'id':
			return lines(({id, name}) => id ?? name);
		case 'name':
			return lines(({name}) => name);
		case 'table':
		case 'wide': {
			const columns = listing.columns(host.now()).filter(column => isShown(column, format, items));
			const width = host.stdout.isTTY ? host.stdout.columns : undefined;
			return renderTable(columns, items, {headers, width, paint: paintFor(host, noColor)});
		}

		default:
			return lines(item => format(shape(item)));
	}
}

/** One object by itself, where its format is data. */
export async function renderOne<T extends Named>(printing: Printing<T>, item: T): Promise<string> {
	const {listing, context, format} = printing;
	const shape = listing.shape(item, context);
	if (format === 'json') return `${toJson(shape, '  ')}\n`;
	if (format !== 'yaml') return renderList(printing, [item]);
	const {toYaml} = await import('./yaml.ts');
	return toYaml(shape);
}

function isShown<T>({wide, scoped, counted, filled, value}: Column<T>, format: Format, items: readonly T[]): boolean {
	return (
		(!wide || format === 'wide') &&
		(!scoped || new Set(items.map(scopeOf)).size > 1) &&
		(!filled || items.some(item => value(item) !== '')) &&
		(!counted || items.length === 0 || items.some(item => !(item as {readonly uncounted?: boolean}).uncounted))
	);
}

/** Whether it takes no figure that an engine may have to add up over everything that runs. */
export function isBrief(format: Format): boolean {
	return format === 'table' || format === 'id' || format === 'name';
}

function scopeOf(item: unknown): unknown {
	return (item as {readonly scope?: unknown}).scope;
}
