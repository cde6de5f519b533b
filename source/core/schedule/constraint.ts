import {ClusterError} from '../error.ts';
import type {Node} from '../model/index.ts';

/** A condition that a node must meet: `node.labels.zone==a`. */
export type Constraint = {
	readonly text: string;
	readonly equal: boolean;
	readonly value: string;
	/** What of the node is compared; undefined: it has no such label. */
	read(node: Node): string | undefined;
};

/** Instances are spread over the values of a label of the nodes; nodes without it make up one group. */
export type Preference = {readonly text: string; readonly label: string};

const labelPrefix = 'node.labels.';
const labelKey = /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/;
const roles = ['manager', 'worker'];

const fields: Readonly<Record<string, (node: Node) => string>> = {
	'node.id': ({id}) => id,
	'node.name': ({name}) => name,
	'node.hostname': ({name}) => name,
	'node.role': ({role}) => role ?? 'worker',
};

/** Throws `usage`, naming what was found and what is allowed; the caller adds the flag or path. */
export function parseConstraint(text: string): Constraint {
	const [, left = '', operator, right = ''] = /^(.*?)([=!]=)(.*)$/s.exec(text) ?? [];
	const field = left.trim();
	const value = right.trim();
	if (operator === undefined) {
		throw problem(text, 'has neither == nor !=');
	}

	const read = readerOf(field);
	if (read === undefined) {
		throw problem(text, `asks for ${JSON.stringify(field)}`);
	}

	if (value === '') {
		throw problem(text, `has no value after ${operator}`);
	}

	// Constraints are part of the reasons that people read.
	if (/\p{Cc}/u.test(value)) {
		throw problem(text, 'has a control character in its value');
	}

	if (field === 'node.role' && !roles.includes(value)) {
		throw new ClusterError(
			'usage',
			`constraint ${JSON.stringify(text)} asks for the role ${JSON.stringify(value)}: allowed are manager and worker`,
		);
	}

	return {text: `${field}${operator}${value}`, equal: operator === '==', value, read};
}

export function meetsConstraint(node: Node, {equal, value, read}: Constraint): boolean {
	return (read(node) === value) === equal;
}

/** The same from text, for who asks once; throws `usage` where one of them is none. */
export function meetsConstraints(node: Node, constraints: readonly string[]): boolean {
	return constraints.every(text => meetsConstraint(node, parseConstraint(text)));
}

/** `spread=node.labels.zone`. Throws `usage`, naming what was found and what is allowed. */
export function parsePreference(text: string): Preference {
	const [, strategy = '', target = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
	const label = labelOf(target.trim());
	if (strategy.trim() !== 'spread' || label === undefined) {
		throw new ClusterError(
			'usage',
			`placement preference ${JSON.stringify(text)} is not of the form spread=node.labels.KEY, the only one allowed`,
		);
	}

	return {text: `spread=${labelPrefix}${label}`, label};
}

function readerOf(field: string): Constraint['read'] | undefined {
	const label = labelOf(field);
	if (label !== undefined) {
		return ({spec}) => (Object.hasOwn(spec.labels, label) ? spec.labels[label] : undefined);
	}

	return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

function labelOf(field: string): string | undefined {
	const key = field.startsWith(labelPrefix) ? field.slice(labelPrefix.length) : '';
	return labelKey.test(key) ? key : undefined;
}

function problem(text: string, found: string): ClusterError {
	const allowed = `${Object.keys(fields).join(', ')} or ${labelPrefix}KEY, then == or != and a value`;
	return new ClusterError('usage', `constraint ${JSON.stringify(text)} ${found}: allowed is ${allowed}`);
}
