import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {ContainerOptions, InstanceTemplate} from '../../core/model/index.ts';
import type {Input} from '../action.ts';
import {record} from '../fields/fields.ts';
import {commandWords} from '../fields/shell.ts';
import {changedList} from './attachments.ts';
import type {containerChangeFields, GenericAmount, NamedUlimit} from './container-fields.ts';
import type {serviceFields} from './service-fields.ts';

type Given = Input<typeof serviceFields> & Input<typeof containerChangeFields>;

/** What docker's rarer flags make of a template, of which `present` is there already. */
export function containerPatch(input: Given, present?: InstanceTemplate): Patch<InstanceTemplate> {
	const container = {
		...lists(input, present?.container),
		...capabilities(input, present?.container),
		...maps(input),
		...given('hostname', input.hostname),
		...given('entrypoint', input.entrypoint && commandWords('--entrypoint', input.entrypoint)),
		...given('init', input.init),
		...given('readOnly', input.readOnlyRoot),
		...given('oomScoreAdj', input.oomScoreAdj),
		...given('swapBytes', input.memorySwap),
		...given('swappiness', input.memorySwappiness === -1 ? null : input.memorySwappiness),
		...given('isolation', input.isolation === 'default' ? null : input.isolation),
		...given('credentialSpec', input.credentialSpec),
		...given('log', logPatch(input, present?.container?.log)),
		...given('noHealthcheck', noHealthcheck(input, present?.container)),
	};
	return {
		...(input.noHealthcheck && {health: null}),
		...(Object.keys(container).length > 0 && {container}),
	} as Patch<InstanceTemplate>;
}

function given(name: string, value: unknown): Record<string, unknown> {
	return value === undefined ? {} : {[name]: value};
}

function lists(input: Given, present: ContainerOptions = {}): Record<string, unknown> {
	const list = (flag: string, known: readonly string[] | undefined, ...[values, added, removed]: Words[]) =>
		changedList(known, {flag, key: entry => entry, given: values, added, removed});
	return {
		...given('dns', list('dns', present.dns, input.dns, input.dnsAdd, input.dnsRm)),
		...given(
			'dnsOptions',
			list('dns-option', present.dnsOptions, input.dnsOption, input.dnsOptionAdd, input.dnsOptionRm),
		),
		...given(
			'dnsSearch',
			list('dns-search', present.dnsSearch, input.dnsSearch, input.dnsSearchAdd, input.dnsSearchRm),
		),
		...given('groups', list('group', present.groups, input.group, input.groupAdd, input.groupRm)),
		...given('hosts', list('host', present.hosts, input.host, input.hostAdd, input.hostRm)),
	};
}

type Words = readonly string[] | undefined;

/**
 * As docker has it: what was dropped is only no longer dropped when it is added, and the other way round; what is added and
 * dropped at once is added.
 */
function capabilities(
	{capAdd = [], capDrop = []}: Given,
	{capAdd: added = [], capDrop: dropped = []}: ContainerOptions = {},
): Pick<ContainerOptions, 'capAdd' | 'capDrop'> {
	if (capAdd.length + capDrop.length === 0) return {};
	const drops = capDrop.filter(name => !capAdd.includes(name));
	const without = (names: readonly string[], gone: readonly string[]) => names.filter(name => !gone.includes(name));
	return {
		capAdd: alone([...without(added, drops), ...without(capAdd, dropped)]),
		capDrop: alone([...without(dropped, capAdd), ...without(drops, added)]),
	};
}

/** Beside all of them none has to be named. */
function alone(names: readonly string[]): readonly string[] {
	return names.includes('ALL') ? ['ALL'] : [...new Set(names)].sort();
}

function maps(input: Given): Record<string, unknown> {
	const {containerLabel = [], containerLabelAdd = [], sysctl = [], sysctlAdd = [], ulimit = [], ulimitAdd = []} = input;
	return {
		...given('labels', changes(record([...containerLabel, ...containerLabelAdd]), input.containerLabelRm)),
		...given('sysctls', changes(record([...sysctl, ...sysctlAdd]), input.sysctlRm)),
		...given('ulimits', changes(byName([...ulimit, ...ulimitAdd]), input.ulimitRm)),
	};
}

function byName(ulimits: readonly NamedUlimit[]): Record<string, unknown> {
	return Object.fromEntries(ulimits.map(({name, soft, hard}) => [name, {soft, hard}]));
}

/** A map's patch; undefined: nothing was asked. */
function changes(set: Readonly<Record<string, unknown>>, gone: readonly string[] = []) {
	const entries = {...Object.fromEntries(gone.map(key => [key, null])), ...set};
	return Object.keys(entries).length === 0 ? undefined : entries;
}

/** Generic resources to reserve, as a map's patch. */
export function genericPatch({genericResource = [], genericResourceAdd = [], genericResourceRm}: Given) {
	const set = [...genericResource, ...genericResourceAdd].map(({kind, amount}: GenericAmount) => [kind, amount]);
	return changes(Object.fromEntries(set), genericResourceRm);
}

/** Another driver has options of its own. */
function logPatch({logDriver, logOpt = []}: Given, present: ContainerOptions['log']) {
	const isOther = logDriver !== undefined && logDriver !== present?.driver;
	const options = changes(record(logOpt), isOther ? Object.keys(present?.options ?? {}) : []);
	return logDriver === undefined && options === undefined
		? undefined
		: {...given('driver', logDriver), ...given('options', options)};
}

/** A check of the service's own takes its place. */
function noHealthcheck(input: Given, present: ContainerOptions = {}): true | null | undefined {
	const {healthCmd, healthHttp, healthTcp} = input;
	const times = [
		input.healthInterval,
		input.healthTimeout,
		input.healthRetries,
		input.healthStartPeriod,
		input.healthStartInterval,
	];
	const isSaid = (value: unknown) => value !== undefined;
	const hasCheck = [healthCmd, healthHttp, healthTcp].some(isSaid);
	if (input.noHealthcheck && (hasCheck || times.some(isSaid))) {
		throw new ClusterError('usage', '--no-healthcheck does not go with other flags of health checks');
	}

	if (input.noHealthcheck) return true;
	return input.noHealthcheck === false || (hasCheck && present.noHealthcheck) ? null : undefined;
}
