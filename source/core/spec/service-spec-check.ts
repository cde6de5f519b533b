import {toClusterError} from '../error.ts';
import type {HealthCheck, InstanceTemplate, PublishedPort, ServiceSpec} from '../model/index.ts';
import {parseConstraint, parsePreference} from '../schedule/constraint.ts';
import {configFiles, mounts, networks, secretFiles} from './attachments-check.ts';
import {
	also,
	bytes,
	type Check,
	flag,
	integer,
	list,
	milliseconds,
	number,
	oneOf,
	optional,
	type Problem,
	problem,
	record,
	shape,
	text,
} from './check.ts';
import {container, generic} from './container-check.ts';
import {labels} from './labels-check.ts';

export const maxReplicas = 100_000;
const hourMs = 3_600_000;
/** Timers of a week fit into what an engine can wait for. */
const weekMs = 168 * hourMs;
/** What Linux takes as one argument or one variable. */
const maxArgument = 131_071;
const maxCpus = 1_000_000;
const maxMemoryBytes = 2 ** 50;
/** What Linux numbers. */
const maxPids = 4_194_304;
const maxSpecLength = 1_048_576;

const argument = text(maxArgument);
const printable = (maxLength: number) =>
	text(maxLength, 'text without spaces and control characters', /^[^\s\x00-\x1f\x7f-\x9f]+$/);
const absolutePath = text(4096, 'a path that begins with "/"', /^\/[^\x00-\x1f\x7f-\x9f]*$/);
const urlPath = text(2048, 'a path that begins with "/" without spaces', /^\/[\x21-\x7e]*$/);
const hostPattern = text(
	253,
	'a host name such as example.org or *.example.org',
	/^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/i,
);
const portNumber = integer(1, 65_535);
const signal = oneOf(
	...['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL', 'SIGUSR1', 'SIGUSR2', 'SIGABRT', 'SIGALRM', 'SIGWINCH'],
);

/** By these two variables whatever left its process group is found. */
const environment = record(
	1000,
	{
		allowed: 'a variable name without "=" and control characters, other than MUSTER_HOME and MUSTER_INSTANCE',
		pattern: /^(?!MUSTER_(HOME|INSTANCE)$)[^\s=\x00-\x1f\x7f-\x9f]{1,255}$/,
	},
	argument,
);

const tests: Readonly<Record<HealthCheck['test']['type'], Check>> = {
	command: shape({type: oneOf('command'), command: atLeastOne(list(1000, argument))}),
	http: shape({
		type: oneOf('http'),
		path: urlPath,
		port: optional(portNumber),
	}),
	tcp: shape({type: oneOf('tcp'), port: optional(portNumber)}),
};

const healthTest: Check = (value, path) => {
	const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
	const known = Object.keys(tests);
	return known.includes(String(type))
		? tests[type as keyof typeof tests](value, path)
		: [problem(`${path}.type`, `one of ${known.join(', ')}`, type)];
};

const health = shape({
	test: healthTest,
	intervalMs: milliseconds(100, 24 * hourMs),
	timeoutMs: milliseconds(10, hourMs),
	retries: integer(1, 1000),
	startPeriodMs: milliseconds(0, 24 * hourMs),
	startIntervalMs: optional(milliseconds(10, 24 * hourMs)),
});

const template = also<InstanceTemplate>(
	shape({
		image: text(4096, 'the name of an image or executable', /^[^\x00-\x1f\x7f-\x9f]+$/),
		command: list(10_000, argument),
		env: environment,
		user: optional(printable(255)),
		workdir: optional(absolutePath),
		tty: flag,
		openStdin: flag,
		stopSignal: signal,
		stopGraceMs: milliseconds(0, 24 * hourMs),
		health: optional(health),
		reserve: shape({
			cpus: number(0, maxCpus),
			memoryBytes: bytes(0, maxMemoryBytes),
			generic: optional(generic),
		}),
		limit: shape({
			cpus: optional(number(0.001, maxCpus)),
			memoryBytes: optional(bytes(1_048_576, maxMemoryBytes)),
			pids: optional(integer(1, maxPids)),
		}),
		networks: optional(networks),
		mounts: optional(mounts),
		configs: optional(configFiles),
		secrets: optional(secretFiles),
		isolation: optional(list(3, oneOf('no-new-privileges', 'private-tmp', 'own-processes'))),
		container: optional(container),
	}),
	({reserve, limit, health, container}, path) => [
		...(['cpus', 'memoryBytes'] as const)
			.filter(figure => reserve[figure] > (limit[figure] ?? Number.POSITIVE_INFINITY))
			.map(figure =>
				problem(
					`${path}.limit.${figure}`,
					`at least what ${path}.reserve.${figure} says, ${reserve[figure]}`,
					limit[figure],
				),
			),
		...(container?.swapBytes !== undefined && limit.memoryBytes === undefined
			? [
					problem(
						`${path}.container.swapBytes`,
						`left out where there is no ${path}.limit.memoryBytes`,
						container.swapBytes,
					),
				]
			: []),
		...(health && container?.noHealthcheck
			? [problem(`${path}.container.noHealthcheck`, `left out where there is a ${path}.health`, true)]
			: []),
	],
);

const ports = also<readonly PublishedPort[]>(
	list(
		64,
		shape({
			published: integer(0, 65_535),
			host: optional(text(255, 'a host name or address', /^[0-9A-Za-z][-0-9A-Za-z.]*$|^[0-9A-Fa-f:.]+$/)),
			target: portNumber,
			protocol: oneOf('tcp', 'udp', 'sctp'),
			mode: optional(oneOf('host')),
			http: optional(
				shape({
					hosts: optional(atLeastOne(list(64, hostPattern))),
					paths: optional(atLeastOne(list(64, urlPath))),
					sticky: optional(flag),
					maxRequests: optional(integer(1, 1_000_000)),
				}),
			),
			tls: optional(printable(253)),
			proxyProtocol: optional(flag),
		}),
	),
	(entries, path) =>
		entries.flatMap(({published, host, protocol, http, proxyProtocol}, index) => {
			const isTwice = entries
				.slice(0, index)
				.some(other => other.published === published && other.host === host && other.protocol === protocol);
			const problems: Problem[] = [];
			if (published !== 0 && isTwice) {
				problems.push({path: `${path}[${index}]`, message: `publishes port ${published} a second time`});
			}

			if (http && proxyProtocol) {
				problems.push(
					problem(`${path}[${index}].proxyProtocol`, 'left out with http, which names the client in headers', true),
				);
			}

			return problems;
		}),
);

const policy = (...failureActions: readonly string[]) =>
	shape({
		parallelism: integer(0, maxReplicas),
		delayMs: milliseconds(0, weekMs),
		order: oneOf('stop-first', 'start-first'),
		monitorMs: milliseconds(0, weekMs),
		maxFailureRatio: number(0, 1),
		failureAction: oneOf(...failureActions),
	});

const members = shape({
	mode: oneOf('replicated', 'global', 'job'),
	replicas: integer(0, maxReplicas),
	perNode: optional(flag),
	maxConcurrent: integer(0, maxReplicas),
	labels,
	template,
	ports,
	endpointMode: optional(oneOf('dnsrr')),
	placement: shape({
		constraints: list(64, also(text(512), parses(parseConstraint))),
		preferences: list(16, also(text(512), parses(parsePreference))),
		maxReplicasPerNode: integer(0, maxReplicas),
	}),
	restart: shape({
		condition: oneOf('any', 'on-failure', 'none'),
		delayMs: milliseconds(0, hourMs),
		maxAttempts: integer(0, 1_000_000),
		windowMs: milliseconds(0, weekMs),
	}),
	update: policy('pause', 'continue', 'rollback'),
	rollback: policy('pause', 'continue'),
	paused: flag,
	canary: integer(0, maxReplicas),
	autoscale: optional(
		shape({
			min: integer(0, maxReplicas),
			max: integer(1, maxReplicas),
			targets: list(
				4,
				shape({
					metric: text(
						80,
						'cpu, memory, requests, connections or metric:NAME',
						/^(cpu|memory|requests|connections|metric:[\w.-]{1,64})$/,
					),
					value: number(0.01, Number.MAX_SAFE_INTEGER),
				}),
			),
			upWindowMs: milliseconds(0, hourMs),
			downWindowMs: milliseconds(0, hourMs),
			cooldownMs: milliseconds(0, hourMs),
		}),
	),
	forceUpdate: integer(0, Number.MAX_SAFE_INTEGER),
});

const spec = also<ServiceSpec>(members, (value, path) => [...fitsMode(value, path), ...fitsSize(value, path)]);

function atLeastOne(check: Check): Check {
	return also<readonly unknown[]>(check, (value, path) =>
		value.length > 0 ? [] : [{path, message: `must have at least one entry, found none`}],
	);
}

/** What `parse` takes; what it throws says why not. */
function parses(parse: (text: string) => unknown): (text: string, path: string) => readonly Problem[] {
	return (text, path) => {
		try {
			parse(text);
			return [];
		} catch (thrown) {
			return [{path, message: `cannot be used: ${toClusterError(thrown).message}`}];
		}
	};
}

function fitsMode(
	{mode, replicas, perNode = false, maxConcurrent, restart, canary, paused, autoscale}: ServiceSpec,
	path: string,
): Problem[] {
	const problems: Problem[] = [];
	if (autoscale !== undefined && mode !== 'replicated') {
		problems.push({path: `${path}.autoscale`, message: `is for replicated services, not for a ${mode} one`});
	}

	if (autoscale !== undefined && autoscale.min > autoscale.max) {
		problems.push(problem(`${path}.autoscale.min`, `at most what max says, ${autoscale.max}`, autoscale.min));
	}

	if (mode === 'global' && replicas !== 0) {
		problems.push(problem(`${path}.replicas`, '0 for a global service, which runs one on each node', replicas));
	}

	if (perNode && mode !== 'job') {
		problems.push(problem(`${path}.perNode`, `false for a ${mode} service: only jobs have it`, perNode));
	}

	if (perNode && mode === 'job' && (replicas !== 0 || maxConcurrent !== 0)) {
		const member = replicas === 0 ? 'maxConcurrent' : 'replicas';
		problems.push(problem(`${path}.${member}`, '0 for a job that runs once on each node', replicas || maxConcurrent));
	}

	if (mode !== 'job' && maxConcurrent !== 0) {
		problems.push(problem(`${path}.maxConcurrent`, `0 for a ${mode} service: only jobs have it`, maxConcurrent));
	}

	if (mode === 'job' && canary !== 0) {
		problems.push(problem(`${path}.canary`, '0 for a job, which runs anew when it is changed', canary));
	}

	if (mode === 'job' && paused) {
		problems.push(problem(`${path}.paused`, 'false for a job, which runs anew when it is changed', paused));
	}

	if (mode === 'job' && restart.condition === 'any') {
		problems.push(
			problem(`${path}.restart.condition`, 'on-failure or none for a job, which is to end', restart.condition),
		);
	}

	return problems;
}

function fitsSize(value: ServiceSpec, path: string): Problem[] {
	const {length} = JSON.stringify(value);
	return length > maxSpecLength
		? [{path, message: `must have at most ${maxSpecLength} characters as JSON, found ${length}`}]
		: [];
}

/** All that is wrong with a whole spec from outside (defaults filled in by `serviceSpec`); empty: nothing. */
export function checkServiceSpec(value: unknown, path = 'spec'): readonly Problem[] {
	return spec(value, path);
}
