import {describe, expect, test} from 'vitest';
import {flagName} from '../../../source/actions/fields/equal-command.ts';
import {containerFields} from '../../../source/actions/service/container-fields.ts';
import type {Patch} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {ServiceSpec} from '../../../source/core/model/index.ts';
import {
	engineNames,
	engineOptions,
	type OptionEngine,
	refuseOptions,
} from '../../../source/core/spec/engine-options.ts';
import {checkServiceSpec, serviceSpec} from '../../../source/core/spec/service-spec.ts';

/** One of each, by its flag. */
const examples: Readonly<Record<string, Patch<ServiceSpec>>> = {
	...Object.fromEntries(
		Object.entries({
			'cap-add': {capAdd: ['CAP_KILL']},
			'cap-drop': {capDrop: ['ALL']},
			'container-label': {labels: {a: 'b'}},
			'credential-spec': {credentialSpec: 'file://a'},
			dns: {dns: ['10.0.0.53']},
			'dns-option': {dnsOptions: ['ndots:2']},
			'dns-search': {dnsSearch: ['lan']},
			entrypoint: {entrypoint: ['sh']},
			group: {groups: ['5']},
			host: {hosts: ['six:::1']},
			hostname: {hostname: 'h'},
			init: {init: false},
			isolation: {isolation: 'hyperv'},
			'log-driver': {log: {driver: 'local'}},
			'log-opt': {log: {options: {a: 'b'}}},
			'memory-swappiness': {swappiness: 0},
			'no-healthcheck': {noHealthcheck: true},
			'oom-score-adj': {oomScoreAdj: 5},
			'read-only-root': {readOnly: true},
			sysctl: {sysctls: {'a.b': '1'}},
			ulimit: {ulimits: {core: {soft: -1, hard: -1}}},
		} as const).map(([flag, container]) => [flag, {template: {image: 'x', container}}]),
	),
	'endpoint-mode': {endpointMode: 'dnsrr'},
	'generic-resource': {template: {reserve: {generic: {gpu: 1}}}},
	'health-start-interval': {template: {health: {test: {type: 'tcp'}, startIntervalMs: 500}}},
	'memory-swap': {template: {limit: {memoryBytes: 2 ** 25}, container: {swapBytes: -1}}},
	'limit-pids': {template: {limit: {pids: 5}}},
};

function refusal(
	engine: OptionEngine,
	patch: Patch<ServiceSpec>,
	options?: Parameters<typeof refuseOptions>[2],
): string {
	try {
		refuseOptions(engine, serviceSpec(patch), options);
		return 'taken';
	} catch (error) {
		const {code, message} = toClusterError(error);
		return `${code} ${message}`;
	}
}

test('the table has each of these flags once', () => {
	const flags = Object.keys(containerFields).map(name => flagName(name).slice(2));
	expect(engineOptions.map(({flag}) => flag).sort()).toEqual([...flags, 'health-start-interval', 'isolate'].sort());
});

describe.each(engineOptions)('--$flag', ({flag, lacks}) => {
	const patch = examples[flag] ?? {template: {isolation: ['private-tmp']}};

	test('can be asked for', () => {
		expect(
			checkServiceSpec(serviceSpec({template: {image: 'x'}, ...patch}, serviceSpec({template: {image: 'x'}}))),
		).toEqual([]);
	});

	test.each(['swarm', 'container', 'process', 'kubernetes'] as const)('%s takes it, or says why not', engine => {
		const lack = lacks[engine];
		const expected = lack === undefined ? 'taken' : `unsupported --${flag}: ${engineNames[engine]} ${lack}.`;
		expect(refusal(engine, patch, {api: 'v1.52'})).toBe(expected);
	});
});

describe('a refusal', () => {
	function check(name: string, said: string, expected: string): void {
		test(name, () => expect(said).toBe(expected));
	}

	const hostname = {template: {image: 'x', container: {hostname: 'h'}}} as const;
	const score = {template: {image: 'x', container: {oomScoreAdj: 5}}} as const;
	check(
		'names engine and reason',
		refusal('process', hostname),
		'unsupported --hostname: A process has the name of the machine.',
	);
	check('is not of what is there already', refusal('process', hostname, {before: serviceSpec(hostname)}), 'taken');
	check(
		'is of another value',
		refusal('process', hostname, {before: serviceSpec({template: {container: {hostname: 'i'}}})}),
		'unsupported --hostname: A process has the name of the machine.',
	);
	check(
		'is of an old manager',
		refusal('swarm', score, {api: 'v1.41'}),
		'unsupported --oom-score-adj: Swarm has it from API 1.46 on, and this manager speaks 1.41.',
	);
	check('is of an older one', refusal('swarm', score, {api: 'v1.9'}).slice(0, 11), 'unsupported');
	check('is not of a newer one', refusal('swarm', score, {api: 'v1.100'}), 'taken');
	check(
		'names all that there is',
		refusal('process', {template: {image: 'x', container: {hostname: 'h', capAdd: ['CAP_KILL']}}}),
		'unsupported --cap-add: A process has the rights of its user, and no others.\n--hostname: A process has the name of the machine.',
	);
	check(
		'is of one of several files, where a config is one',
		refusal('swarm', {template: {image: 'x', secrets: [{source: 'tls', key: 'crt'}]}}),
		'unsupported --secret: source=tls,key=crt: only a secret of Kubernetes has several files.',
	);
	check('is not of nothing', refusal('process', {template: {image: 'x', container: {hosts: []}}}), 'taken');
});
