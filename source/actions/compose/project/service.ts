import type {Patch} from '../../../core/backend.ts';
import {mergePatch} from '../../../core/difference/merge-patch.ts';
import type {ContainerOptions, HealthCheck, ServiceSpec, Ulimit} from '../../../core/model/index.ts';
import {signalName} from '../../../core/signals.ts';
import {parseDuration} from '../../../core/text/units.ts';
import {readEnvFile} from '../files/interpolate.ts';
import {filesOf, mountsOf, type Naming, networksOf, portsOf} from './attach.ts';
import {deployPatch} from './deploy.ts';
import {given, type Section} from './section.ts';

export type ServiceNaming = Naming & {
	/** What an image of the file is called on the engine. */
	imageOf(image: string): string;
	/** A file's text; undefined: there is none. */
	read(path: string): string | undefined;
	/** Of whoever applies the file: variables without a value are taken from there. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Whether the engine has networks that services are put on. */
	readonly hasNetworks: boolean;
};

/** What a service of a file asks for, but for the labels of its stack. */
export function servicePatchOf(service: Section, key: string, naming: ServiceNaming): Patch<ServiceSpec> {
	const image = service.text('image');
	if (image === undefined) service.findings.refuse(service.at('image'), 'is missing: images are not built here');
	const deployed = deployPatch(service);
	const container = containerOf(service);
	const networks = naming.hasNetworks ? networksOf(service, key, naming) : undefined;
	const patch = mergePatch<Patch<ServiceSpec>>(deployed, {
		...given({ports: portsOf(service, naming)}),
		template: {
			...given({
				image: image && naming.imageOf(image),
				command: service.command('command'),
				env: environmentOf(service, naming),
				user: service.text('user'),
				workdir: service.text('working_dir'),
				tty: service.flag('tty'),
				openStdin: service.flag('stdin_open'),
				stopSignal: service.parsed('stop_signal', signalName),
				stopGraceMs: service.parsed('stop_grace_period', parseDuration),
				...healthOf(service),
				networks,
				mounts: mountsOf(service, naming),
				configs: filesOf(service, 'config', naming),
				secrets: filesOf(service, 'secret', naming),
				...container,
			}),
		},
	} as Patch<Patch<ServiceSpec>>);
	if (!naming.hasNetworks) service.raw('networks');
	service.end(left, lacking);
	return patch;
}

/** Named, and left out: what runs is the same without it, or another member says it. */
const left: Readonly<Record<string, string>> = {
	annotations: 'are not kept',
	attach: 'is about the terminal that starts it',
	build: 'images are not built here: the image is taken as it is',
	container_name: 'is the name of its service with a number',
	depends_on: 'all services start at once: what another needs is asked again until it is there',
	develop: 'is about the folder that it is built from',
	expose: 'what is on the same network reaches every port',
	links: 'services find each other by their names',
	platform: 'each node takes the image of its own',
	pull_policy: 'is as the engine has it',
};

const otherRights = 'is not given to services of a cluster';
const lacking: Readonly<Record<string, string>> = {
	blkio_config: 'disks are not shared out',
	cgroup_parent: otherRights,
	cpu_shares: 'is not known: deploy.resources limits and reserves CPUs',
	cpuset: 'is not known: deploy.resources limits and reserves CPUs',
	credential_spec: 'is not read here: `muster service update --credential-spec` sets it',
	device_cgroup_rules: otherRights,
	devices: otherRights,
	domainname: 'is not known: hostname is',
	external_links: 'services find each other by their networks',
	gpus: otherRights,
	ipc: otherRights,
	isolation: 'is not read here: `muster service update --isolation` sets it',
	mac_address: 'is given by the engine',
	memswap_limit: 'is not read here: `muster service update --memory-swap` sets it',
	network_mode: 'is not known: networks are',
	pid: otherRights,
	privileged: otherRights,
	runtime: 'is as the nodes have it',
	security_opt: otherRights,
	shm_size: 'is not known: mount a tmpfs on /dev/shm',
	userns_mode: otherRights,
	uts: otherRights,
	volumes_from: 'is not known: name the volume in both services',
};

/** Files first, in their order; then what the service itself says. */
function environmentOf(service: Section, {read, resolve, env}: ServiceNaming): Record<string, string> | undefined {
	const files = envFiles(service).flatMap(({path, isNeeded, at}) => {
		const text = read(resolve(path));
		if (text === undefined && isNeeded) service.findings.refuse(at, `there is no file ${path}`);
		return text === undefined ? [] : Object.entries(readEnvFile(text));
	});
	const own = service.pairs('environment')?.flatMap(([name, value]) => {
		const taken = value ?? env[name];
		return taken === undefined ? [] : [[name, taken] as const];
	});
	return files.length === 0 && own === undefined ? undefined : Object.fromEntries([...files, ...(own ?? [])]);
}

export type EnvFile = {readonly path: string; readonly isNeeded: boolean; readonly at: string};

export function envFiles(service: Section): readonly EnvFile[] {
	const value = service.raw('env_file');
	const all = value === undefined ? [] : Array.isArray(value) ? value : [value];
	return all.flatMap((one: unknown, index): EnvFile[] => {
		const at = service.at(Array.isArray(value) ? `env_file[${index}]` : 'env_file');
		if (typeof one === 'string') return [{path: one, isNeeded: true, at}];
		const {path, required = true} = (one ?? {}) as {path?: unknown; required?: unknown};
		if (typeof path === 'string') return [{path, isNeeded: required !== false, at}];
		service.findings.wrong(at, 'a path', one);
		return [];
	});
}

function healthOf(service: Section): {health?: Patch<HealthCheck>; container?: Patch<ContainerOptions>} {
	const check = service.section('healthcheck');
	if (check === undefined) return {};
	const test = check.raw('test');
	const isOff = check.flag('disable') === true || (Array.isArray(test) && test[0] === 'NONE');
	const command = typeof test === 'string' ? ['sh', '-c', test] : commandOf(check.texts('test'), check);
	const times = {
		intervalMs: check.parsed('interval', parseDuration),
		timeoutMs: check.parsed('timeout', parseDuration),
		retries: check.whole('retries', 1),
		startPeriodMs: check.parsed('start_period', parseDuration),
		startIntervalMs: check.parsed('start_interval', parseDuration),
	};
	check.end();
	if (isOff) return {container: {noHealthcheck: true}};
	if (command === undefined) {
		if (given(times)) check.findings.refuse(check.at('test'), 'is missing: the times alone check nothing');
		return {};
	}

	return {health: {test: {type: 'command', command}, ...given(times)} as Patch<HealthCheck>};
}

function commandOf(test: readonly string[] | undefined, check: Section): readonly string[] | undefined {
	const [kind, ...words] = test ?? [];
	if (kind === undefined || kind === 'NONE') return undefined;
	if (kind === 'CMD' && words.length > 0) return words;
	if (kind === 'CMD-SHELL' && words.length > 0) return ['sh', '-c', words.join(' ')];
	check.findings.wrong(check.at('test'), 'a list that begins with CMD, CMD-SHELL or NONE', kind);
	return undefined;
}

function containerOf(service: Section): {container?: Patch<ContainerOptions>} {
	const labels = service.pairs('labels');
	const sysctls = service.pairs('sysctls');
	const hosts = service.pairs('extra_hosts', usesEquals(service.raw('extra_hosts')) ? '=' : ':');
	const logging = service.section('logging');
	const options = logging?.pairs('options');
	const log = logging && given({driver: logging.text('driver'), options: options && plain(options)});
	logging?.end();
	const container = given({
		labels: labels && plain(labels),
		hostname: service.text('hostname'),
		hosts: hosts?.map(([name, address = '']) => `${name}:${address}`),
		dns: service.texts('dns'),
		dnsSearch: service.texts('dns_search'),
		dnsOptions: service.texts('dns_opt'),
		entrypoint: service.command('entrypoint'),
		init: service.flag('init'),
		groups: service.texts('group_add'),
		readOnly: service.flag('read_only'),
		oomScoreAdj: signedWhole(service, 'oom_score_adj'),
		swappiness: service.whole('mem_swappiness'),
		capAdd: service.texts('cap_add')?.map(capability),
		capDrop: service.texts('cap_drop')?.map(capability),
		sysctls: sysctls && plain(sysctls),
		ulimits: ulimitsOf(service),
		log,
	});
	return container === undefined ? {} : {container: container as Patch<ContainerOptions>};
}

/** `NAME=ADDRESS` is the newer way to write `NAME:ADDRESS`. */
function usesEquals(hosts: unknown): boolean {
	return Array.isArray(hosts) && hosts.some(host => typeof host === 'string' && host.includes('='));
}

function plain(pairs: ReadonlyArray<readonly [string, string | undefined]>): Record<string, string> {
	return Object.fromEntries(pairs.map(([key, value = '']) => [key, value]));
}

function signedWhole(service: Section, key: string): number | undefined {
	const value = service.raw(key);
	if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value;
	service.findings.wrong(service.at(key), 'a whole number', value);
	return undefined;
}

function capability(name: string): string {
	return name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name.toUpperCase()}`;
}

function ulimitsOf(service: Section): Record<string, Ulimit> | undefined {
	const ulimits = service.section('ulimits');
	if (ulimits === undefined) return undefined;
	const found = ulimits.keys().flatMap((name): Array<[string, Ulimit]> => {
		const value = ulimits.raw(name);
		if (typeof value === 'number') return [[name, {soft: value, hard: value}]];
		const both = ulimits.section(name);
		const [soft, hard] = [both?.raw('soft'), both?.raw('hard')];
		both?.end();
		if (typeof soft === 'number' && typeof hard === 'number') return [[name, {soft, hard}]];
		ulimits.findings.wrong(ulimits.at(name), 'a number, or soft and hard', value);
		return [];
	});
	return Object.fromEntries(found);
}
