import {ClusterError} from '../error.ts';
import type {ContainerOptions, ServiceSpec} from '../model/index.ts';

/* Docker's rarer options, and which engine has them: what refuses them, and what docs/options.md is printed from. */

/** What runs instances. Of the local engine there are two: Docker, and muster itself. */
export type OptionEngine = 'swarm' | 'container' | 'process' | 'kubernetes';

export type EngineOption = {
	/** Docker's flag, where muster has no other. */
	readonly flag: string;
	readonly of: (spec: ServiceSpec) => unknown;
	/** The Docker API that a swarm's manager has to speak; absent: any that muster speaks. */
	readonly swarmApi?: number;
	/** Why an engine has it not, going on from its name; absent: it has. */
	readonly lacks: Readonly<Partial<Record<OptionEngine, string>>>;
};

function ofContainer<P extends keyof ContainerOptions>(member: P): EngineOption['of'] {
	return ({template}) => template.container?.[member];
}

const noRights = 'has the rights of its user, and no others';
const noNetwork = "is on the machine's own network, and asks whom the machine asks";
const ownFiles = "sees the machine's own files";

export const engineOptions: readonly EngineOption[] = [
	{flag: 'cap-add', of: ofContainer('capAdd'), lacks: {process: noRights}},
	{flag: 'cap-drop', of: ofContainer('capDrop'), lacks: {process: noRights}},
	{
		flag: 'container-label',
		of: ofContainer('labels'),
		lacks: {process: 'has no labels', kubernetes: "finds pods by their labels, which are the service's"},
	},
	{
		flag: 'credential-spec',
		of: ofContainer('credentialSpec'),
		lacks: {
			container: 'runs no containers of Windows',
			process: 'is none of Windows',
			kubernetes: 'has objects of its own for that (GMSACredentialSpec)',
		},
	},
	{flag: 'dns', of: ofContainer('dns'), lacks: {process: noNetwork}},
	{flag: 'dns-option', of: ofContainer('dnsOptions'), lacks: {process: noNetwork}},
	{flag: 'dns-search', of: ofContainer('dnsSearch'), lacks: {process: noNetwork}},
	{
		flag: 'endpoint-mode',
		of: ({endpointMode}) => endpointMode,
		lacks: {
			container: 'has one address for each service, which its gateway listens on',
			process: 'is reached by the one address of its service, which the gateway listens on',
			kubernetes: 'keeps that in the Service, for good: make a headless one by a manifest',
		},
	},
	{flag: 'entrypoint', of: ofContainer('entrypoint'), lacks: {process: 'is run by its image or executable'}},
	{
		flag: 'generic-resource',
		of: ({template}) => template.reserve.generic,
		lacks: {container: 'has nodes that offer CPUs and memory only', process: 'is given CPUs and memory only'},
	},
	{flag: 'group', of: ofContainer('groups'), lacks: {process: 'has the groups of its user'}},
	{
		flag: 'health-start-interval',
		of: ({template}) => template.health?.startIntervalMs,
		swarmApi: 1.44,
		lacks: {kubernetes: 'asks at the same pace from the beginning'},
	},
	{flag: 'host', of: ofContainer('hosts'), lacks: {process: noNetwork}},
	{flag: 'hostname', of: ofContainer('hostname'), lacks: {process: 'has the name of the machine'}},
	{
		flag: 'init',
		of: ofContainer('init'),
		lacks: {process: 'is looked after by muster, which ends what it leaves behind', kubernetes: 'adds no init'},
	},
	{
		flag: 'isolate',
		of: ({template}) => (template.isolation?.length ? template.isolation : undefined),
		lacks: {
			swarm: 'runs containers, which have processes and a /tmp of their own',
			kubernetes: 'runs containers, which have processes and a /tmp of their own',
		},
	},
	{
		flag: 'isolation',
		of: ofContainer('isolation'),
		lacks: {
			container: 'runs no containers of Windows',
			process: 'is none of Windows; what keeps it apart is --isolate',
			kubernetes: 'has runtime classes for that',
		},
	},
	{
		flag: 'limit-pids',
		of: ({template}) => template.limit.pids,
		lacks: {process: 'is not counted together with what it starts', kubernetes: 'has one limit for all pods of a node'},
	},
	{
		flag: 'log-driver',
		of: ({template}) => template.container?.log?.driver,
		lacks: {process: "writes into muster's own logs", kubernetes: 'leaves logs to the runtime of each node'},
	},
	{
		flag: 'log-opt',
		of: ({template}) => template.container?.log?.options,
		lacks: {process: "writes into muster's own logs", kubernetes: 'leaves logs to the runtime of each node'},
	},
	{
		flag: 'memory-swap',
		of: ofContainer('swapBytes'),
		swarmApi: 1.52,
		lacks: {process: 'is swapped out as its machine does it', kubernetes: 'leaves swap to the kubelet of each node'},
	},
	{
		flag: 'memory-swappiness',
		of: ofContainer('swappiness'),
		swarmApi: 1.52,
		lacks: {process: 'is swapped out as its machine does it', kubernetes: 'leaves swap to the kubelet of each node'},
	},
	{flag: 'no-healthcheck', of: ofContainer('noHealthcheck'), lacks: {}},
	{
		flag: 'oom-score-adj',
		of: ofContainer('oomScoreAdj'),
		swarmApi: 1.46,
		lacks: {process: 'has the score of the agent', kubernetes: 'sets it by what a pod reserves'},
	},
	{flag: 'read-only-root', of: ofContainer('readOnly'), lacks: {process: ownFiles}},
	{flag: 'sysctl', of: ofContainer('sysctls'), lacks: {process: "has the machine's own kernel parameters"}},
	{
		flag: 'ulimit',
		of: ofContainer('ulimits'),
		lacks: {process: 'has the limits of the agent', kubernetes: 'leaves them to the runtime of each node'},
	},
];

export const engineNames: Readonly<Record<OptionEngine, string>> = {
	swarm: 'Swarm',
	container: "The local engine's Docker",
	process: 'A process',
	kubernetes: 'Kubernetes',
};

type Refusal = {
	/** What is there already is not judged. */
	readonly before?: ServiceSpec | undefined;
	/** Of a swarm: `v1.41`. */
	readonly api?: string;
};

/** Throws `unsupported` with a line for each option that this engine has not. */
export function refuseOptions(engine: OptionEngine, spec: ServiceSpec, {before, api}: Refusal = {}): void {
	if (engine !== 'kubernetes') refuseKeys(spec.template);
	const lines = engineOptions.flatMap(({flag, of, lacks, swarmApi}) => {
		const value = of(spec);
		if (value === undefined || (before && JSON.stringify(of(before)) === JSON.stringify(value))) return [];
		const lack = lacks[engine] ?? (engine === 'swarm' ? lackOfApi(api, swarmApi) : undefined);
		return lack === undefined ? [] : [`--${flag}: ${engineNames[engine]} ${lack}.`];
	});
	if (lines.length > 0) throw new ClusterError('unsupported', lines.join('\n'));
}

/** Of a config's several files one can be chosen where it has several. */
function refuseKeys({configs = [], secrets = []}: ServiceSpec['template']): void {
	const [file] = [...configs, ...secrets].filter(({key}) => key !== undefined);
	if (file === undefined) return;
	const flag = configs.includes(file) ? 'config' : 'secret';
	throw new ClusterError(
		'unsupported',
		`--${flag}: source=${file.source},key=${file.key}: only a ${flag} of Kubernetes has several files.`,
	);
}

/** The same for the local engine, which runs containers beside processes. */
export function refuseLocalOptions(spec: ServiceSpec): void {
	refuseOptions(spec.template.image.startsWith('docker:') ? 'container' : 'process', spec);
}

/** `1.9` is older than `1.41`. */
function lackOfApi(api = '', needed: number | undefined): string | undefined {
	const minor = (text: string) => Number(text.split('.')[1]);
	return needed !== undefined && minor(api) < minor(String(needed))
		? `has it from API ${needed} on, and this manager speaks ${api.replace(/^v/, '')}`
		: undefined;
}
