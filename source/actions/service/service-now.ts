import type {HealthCheck, Service} from '../../core/model/index.ts';
import type {FormHints} from '../action.ts';
import type {Pair} from '../fields/fields.ts';
import {quote} from '../fields/shell.ts';
import {formatPort} from './ports.ts';
import {flagOfPath} from './service-patch.ts';

/** What the fields of `service update` are now: what a form shows before anything is typed. */
export function serviceNow({spec}: Service): Readonly<Record<string, unknown>> {
	const values: Record<string, unknown> = {};
	for (const [path, field] of flagOfPath) {
		const value = valueAt({spec}, path);
		if (value !== undefined && !path.includes('.health.test')) {
			values[field] = isRecord(value) ? Object.entries(value).map(([key, text]) => ({key, value: text})) : value;
		}
	}

	const {command = [], ...others} = values;
	return {
		...others,
		...((command as readonly string[]).length > 0 && {args: (command as readonly string[]).map(quote).join(' ')}),
		...testNow(spec.template.health?.test),
	};
}

function testNow(test: HealthCheck['test'] | undefined): Readonly<Record<string, unknown>> {
	switch (test?.type) {
		case 'command': {
			const [shell, option, text, ...more] = test.command;
			const isLine = shell === 'sh' && option === '-c' && text !== undefined && more.length === 0;
			return {healthCmd: isLine ? text : test.command.map(quote).join(' ')};
		}
		case 'http':
			return {healthHttp: test.path};
		case 'tcp':
			return {healthTcp: true};
		case undefined:
			return {};
	}
}

function isRecord(value: unknown): value is Readonly<Record<string, string>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(object: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], object);
}

const keyOf = (pair: unknown) => (pair as Pair).key;
const named = (name: string) => (value: unknown) => (value as Readonly<Record<string, string>>)[name] ?? '';
const portText = (port: unknown) => formatPort(port as Parameters<typeof formatPort>[0]);

/** What is in a text no more is taken away by the field for that. */
export const serviceTakesAway: NonNullable<FormHints['takesAway']> = {
	env: {field: 'envRm', key: keyOf, value: keyOf},
	label: {field: 'labelRm', key: keyOf, value: keyOf},
	publish: {field: 'publishRm', key: portText, value: portText},
	network: {field: 'networkRm', key: named('network'), value: named('network')},
	mount: {field: 'mountRm', key: named('target'), value: named('target')},
	config: {field: 'configRm', key: named('source'), value: named('source')},
	secret: {field: 'secretRm', key: named('source'), value: named('source')},
	constraint: {field: 'constraintRm', key: String, value: String},
};
