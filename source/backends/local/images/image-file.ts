import {type HealthCheck, healthDefaults} from '../../../core/model/health-check.ts';
import type {Image} from '../../../core/model/index.ts';
import {
	also,
	type Check,
	flag,
	integer,
	list,
	optional,
	type Problem,
	problem,
	record,
	shape,
	text,
} from '../../../core/spec/check.ts';
import {formatDuration, parseDuration} from '../../../core/text/units.ts';

/** What an image.yaml says. */
export type ImageSpec = Pick<Image, 'command' | 'env' | 'port' | 'socket' | 'health' | 'description'>;

type HealthFile = {
	readonly http?: string;
	readonly tcp?: true;
	readonly command?: readonly string[];
	readonly port?: number;
	readonly interval?: string;
	readonly timeout?: string;
	readonly start_period?: string;
	readonly retries?: number;
};

type ImageFile = {
	readonly description?: string;
	readonly command: readonly string[];
	readonly env?: Readonly<Record<string, string | number | boolean>> | null;
	readonly port?: number;
	readonly socket?: boolean;
	readonly health?: HealthFile;
};

const maxArgument = 131_071;
const argument = text(maxArgument);
const words = also<readonly unknown[]>(list(1000, argument), (value, path) =>
	value.length > 0 ? [] : [problem(path, 'a list of at least one word', value)],
);
const portNumber = integer(1, 65_535);

/** YAML reads `SIZE: 5` as a number and `ON: true` as a boolean; a variable is their text. */
const variable: Check = (value, path) => argument(typeof value === 'string' ? value : scalarText(value), path);

const environment = record(
	1000,
	{
		allowed: 'a variable name without "=" and blanks, other than MUSTER_HOME and MUSTER_INSTANCE',
		pattern: /^(?!MUSTER_(HOME|INSTANCE)$)[^\s=\x00-\x1f\x7f-\x9f]{1,255}$/,
	},
	variable,
);

const health = also<HealthFile>(
	shape({
		http: optional(text(2048, 'a path that begins with "/" without spaces', /^\/[\x21-\x7e]*$/)),
		tcp: optional((value, path) => (value === true ? [] : [problem(path, 'true', value)])),
		command: optional(words),
		port: optional(portNumber),
		interval: optional(duration(100, 86_400_000)),
		timeout: optional(duration(10, 3_600_000)),
		start_period: optional(duration(0, 86_400_000)),
		retries: optional(integer(1, 1000)),
	}),
	(value, path) => {
		const named = (['http', 'tcp', 'command'] as const).filter(name => value[name] !== undefined);
		if (named.length !== 1) {
			return [{path, message: `must have one of http, tcp and command, found ${named.join(' and ') || 'none'}`}];
		}

		return value.command && value.port !== undefined
			? [{path: `${path}.port`, message: 'must not be there beside command, which finds its own way'}]
			: [];
	},
);

const image = also<ImageFile>(
	shape({
		description: optional(text(1000)),
		command: words,
		env: (value, path) => (value === null ? [] : optional(environment)(value, path)),
		port: optional(portNumber),
		socket: optional(flag),
		health: optional(health),
	}),
	({port, socket}, path) =>
		socket && port === undefined
			? [{path: `${path}.socket`, message: 'needs a port beside it: the socket answers as that does'}]
			: [],
);

/** All that is wrong with what was read from an image.yaml; a problem's path begins with `path`. */
export function checkImageFile(value: unknown, path: string): readonly Problem[] {
	return image(value, path);
}

/** What an image.yaml without problems says. */
export function imageSpec(value: unknown): ImageSpec {
	const file = value as ImageFile;
	const env = Object.entries(file.env ?? {}).map(([name, given]) => [name, String(given)]);
	return {
		command: file.command,
		env: Object.fromEntries(env),
		...(file.port === undefined ? {} : {port: file.port}),
		...(file.socket && {socket: true}),
		...(file.health === undefined ? {} : {health: healthCheck(file.health)}),
		...(file.description === undefined ? {} : {description: file.description}),
	};
}

function healthCheck({interval, timeout, start_period, retries, ...test}: HealthFile): HealthCheck {
	const ms = (given: string | undefined, fallback: number) => (given === undefined ? fallback : parseDuration(given));
	return {
		test: healthTest(test),
		intervalMs: ms(interval, healthDefaults.intervalMs),
		timeoutMs: ms(timeout, healthDefaults.timeoutMs),
		retries: retries ?? healthDefaults.retries,
		startPeriodMs: ms(start_period, healthDefaults.startPeriodMs),
	};
}

function healthTest({http, command, port}: Pick<HealthFile, 'http' | 'command' | 'port'>): HealthCheck['test'] {
	if (command) {
		return {type: 'command', command};
	}

	const at = port === undefined ? {} : {port};
	return http === undefined ? {type: 'tcp', ...at} : {type: 'http', path: http, ...at};
}

function duration(minMs: number, maxMs: number): Check {
	const allowed = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
	return (value, path) => {
		try {
			const ms = parseDuration(typeof value === 'string' ? value : '');
			return ms >= minMs && ms <= maxMs ? [] : [problem(path, allowed, value)];
		} catch {
			return [problem(path, `${allowed} such as 500ms or 1m30s`, value)];
		}
	};
}

function scalarText(value: unknown): unknown {
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
