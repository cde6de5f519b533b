import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {toJson} from './json.ts';

/** Fills a template in for one object: text with `{{.name}}`, `{{.status.running}}`, `{{json .spec}}`. */
export type Template = (object: unknown) => string;

/** Throws `usage` where a template cannot be understood. Names are found whatever their case, as docker's users write them. */
export function parseTemplate(text: string): Template {
	const parts = text
		.replaceAll('\\t', '\t')
		.replaceAll('\\n', '\n')
		.split(/(\{\{[^{}]*\}\})/)
		.map(part => (part.startsWith('{{') ? parsePlaceholder(part) : literal(part)));
	return object => parts.map(part => part(object)).join('');
}

function literal(text: string): Template {
	if (/\{\{|\}\}/.test(text)) {
		throw new ClusterError('usage', `--format: a {{ or }} stands alone in ${JSON.stringify(text)}`);
	}

	return () => text;
}

function parsePlaceholder(text: string): Template {
	const [, json, path] = /^\{\{\s*(json\s+)?\.([\w.]*)\s*\}\}$/.exec(text) ?? [];
	if (path === undefined) {
		throw new ClusterError('usage', `--format: ${JSON.stringify(text)} is not {{.name}} or {{json .name}}`);
	}

	const names = path === '' ? [] : path.split('.');
	return object => {
		const value = names.reduce(member, object);
		return json || (typeof value === 'object' && value !== null) ? toJson(value) : stripControl(String(value ?? ''));
	};
}

function member(object: unknown, name: string): unknown {
	const entries = Object.entries(object ?? {});
	const found =
		entries.find(([key]) => key === name) ?? entries.find(([key]) => key.toLowerCase() === name.toLowerCase());
	return found?.[1];
}
