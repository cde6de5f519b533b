import type {Verb} from './verb.ts';

/** A verb as the help lists it; what it needs is loaded when it is used. */
export type VerbEntry = {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly summary: string;
	readonly load: () => Promise<Verb>;
};

export type Noun = {
	/** In the singular; the plural is understood, too. */
	readonly name: string;
	readonly aliases: readonly string[];
	readonly summary: string;
	readonly verbs: readonly VerbEntry[];
};

const lists = () => import('./verbs/look/list.ts');
const others = () => import('./verbs/index.ts');

function verb(name: string, summary: string, load: () => Promise<Verb>, aliases: readonly string[] = []): VerbEntry {
	return {name, summary, load, aliases};
}

const ps = verb('ps', 'List instances', async () => (await lists()).ps);
const scale = verb('scale', 'Set how many instances run', async () => (await others()).scaleServiceVerb);
const logs = verb('logs', 'Show what instances print', async () => (await others()).logs);
const exec = verb('exec', 'Run a command in an instance', async () => (await others()).exec);
const attach = verb('attach', 'Join input and output of an instance', async () => (await others()).attach);
const cp = verb('cp', 'Copy files into an instance or out of it', async () => (await others()).copy);
const portForward = verb(
	'port-forward',
	'Lead ports of this machine to an instance',
	async () => (await others()).portForward,
);
const debug = verb('debug', 'Add a container with tools to an instance', async () => (await others()).debug);
const rollback = verb('rollback', 'Go back to an earlier version', async () => (await others()).rollbackServiceVerb);
const history = verb('history', 'List the kept versions', async () => (await others()).serviceHistoryVerb);
const rebalance = verb(
	'rebalance',
	'Move instances to where there are fewer',
	async () => (await others()).rebalanceVerb,
);
const listEvents = async () => (await others()).events;

/** Last of each noun that has a spec to be seen. */
const patched = ['service', 'node', 'network', 'volume', 'config', 'pool'] as const;

function withPatch(noun: Noun): Noun {
	const kind = patched.find(name => name === noun.name);
	return kind === undefined
		? noun
		: {
				...noun,
				verbs: [
					...noun.verbs,
					verb('patch', 'Change its spec by a JSON merge patch', async () => (await others()).patchVerbs[kind]),
				],
			};
}

const allNouns: readonly Noun[] = [
	{
		name: 'service',
		aliases: ['services', 'svc'],
		summary: 'What is to run',
		verbs: [
			verb('create', 'Create a service', async () => (await others()).createServiceVerb),
			verb('ls', 'List services', async () => (await lists()).serviceLs, ['list']),
			ps,
			verb('inspect', 'Show all about services', async () => (await others()).serviceInspect, ['show']),
			logs,
			scale,
			verb('update', 'Change a service', async () => (await others()).updateServiceVerb),
			verb('autoscale', 'Let the load say how many run', async () => (await others()).autoscaleServiceVerb),
			verb('record', 'Record its load, for `autoscale --simulate`', async () => (await others()).recordLoad),
			rebalance,
			verb('restart', 'Replace all instances', async () => (await others()).restartServiceVerb),
			rollback,
			history,
			verb(
				'suspend',
				'Let no run begin by its schedule, as `rollout pause`',
				async () => (await others()).pauseRolloutVerb,
			),
			verb('resume', 'Go on after it was suspended or paused', async () => (await others()).resumeRolloutVerb),
			verb('trigger', 'Run what has a schedule now', async () => (await others()).triggerServiceVerb),
			verb('rm', 'Remove services', async () => (await others()).removeServiceVerb, ['remove', 'delete']),
			attach,
		],
	},
	{
		name: 'rollout',
		aliases: ['rollouts'],
		summary: 'Updates under way',
		verbs: [
			verb('status', 'Show how an update stands, and wait for its end', async () => (await others()).rolloutStatus),
			verb('pause', 'Replace nothing until it is resumed', async () => (await others()).pauseRolloutVerb),
			verb('resume', 'Go on, also after failures', async () => (await others()).resumeRolloutVerb),
			verb('promote', 'Take the canaries to all instances', async () => (await others()).promoteRolloutVerb),
			verb('abort', 'Take an update back that is not through', async () => (await others()).abortRolloutVerb),
			verb('undo', 'As `service rollback`', async () => (await others()).rollbackServiceVerb),
			history,
		],
	},
	{
		name: 'instance',
		aliases: ['instances', 'task', 'tasks'],
		summary: 'What runs',
		verbs: [
			verb('ls', 'List instances', async () => (await lists()).ps, ['list', 'ps']),
			verb('inspect', 'Show all about instances', async () => (await others()).instanceInspect, ['show']),
			logs,
			exec,
			attach,
			verb('kill', 'Send a signal', async () => (await others()).killInstanceVerb),
			cp,
			portForward,
			debug,
			verb('describe', 'Show its containers, probes and conditions', async () => (await others()).instanceDescribe),
			verb('evict', 'End instances, keeping to disruption budgets', async () => (await others()).evictInstanceVerb),
			verb('rm', 'End instances, whatever their budgets say', async () => (await others()).removeInstanceVerb, [
				'remove',
				'delete',
			]),
		],
	},
	{
		name: 'node',
		aliases: ['nodes'],
		summary: 'Where it runs',
		verbs: [
			verb('ls', 'List nodes', async () => (await lists()).nodeLs, ['list']),
			verb('inspect', 'Show all about nodes', async () => (await others()).nodeInspect, ['show']),
			verb('ps', 'List the instances on nodes', async () => (await lists()).nodePs),
			verb('cordon', 'Place nothing new on nodes', async () => (await others()).cordonNodeVerb),
			verb('uncordon', 'Take work again; ends a cordon or drain', async () => (await others()).uncordonNodeVerb),
			verb('drain', 'Move all instances to other nodes', async () => (await others()).drainNodeVerb),
			verb('add', 'Add a node', async () => (await others()).addNodeVerb),
			verb('rm', 'Remove nodes', async () => (await others()).removeNodeVerb, ['remove', 'delete']),
			verb('describe', 'Show its conditions, taints and all that it has', async () => (await others()).nodeDescribe),
			verb('taint', 'Keep instances away from nodes', async () => (await others()).taintNodeVerb),
			verb('label', 'Set or take away labels', async () => (await others()).labelNodeVerb),
			verb('promote', 'Make nodes managers', async () => (await others()).promoteNodeVerb),
			verb('demote', 'Make managers workers', async () => (await others()).demoteNodeVerb),
			verb('pool', 'As `pool ls`: the pools of nodes', async () => (await lists()).poolLs),
			verb('leave', 'Take nodes out of a swarm, through their own engines', async () => (await others()).leaveNodeVerb),
			verb('fail', 'Cut the power of a node on purpose', async () => (await others()).failNodeVerb),
		],
	},
	{
		name: 'image',
		aliases: ['images'],
		summary: 'What instances are made from',
		verbs: [
			verb('ls', 'List images', async () => (await lists()).imageLs, ['list']),
			verb('inspect', 'Show all about images', async () => (await others()).imageInspect, ['show']),
			verb('add', 'Add a folder with an image.yaml', async () => (await others()).addImageVerb),
			verb('rm', 'Remove images', async () => (await others()).removeImageVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'pool',
		aliases: ['pools'],
		summary: 'Nodes that come and go with what there is to run',
		verbs: [
			verb('create', 'Create a pool', async () => (await others()).createPoolVerb),
			verb('ls', 'List pools, each with its last decision', async () => (await lists()).poolLs, ['list']),
			verb('inspect', 'Show all about pools', async () => (await others()).poolInspect, ['show']),
			verb('update', 'Change a pool', async () => (await others()).updatePoolVerb),
			verb('rm', 'Remove pools and their nodes', async () => (await others()).removePoolVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'autoscaler',
		aliases: ['autoscalers'],
		summary: 'Services whose number the load says: `muster service autoscale` makes them so',
		verbs: [
			verb('ls', 'List them, each with its policy and its last decision', async () => (await lists()).autoscalerLs, [
				'list',
			]),
		],
	},
	{
		name: 'network',
		aliases: ['networks', 'net'],
		summary: 'What services reach each other through',
		verbs: [
			verb('create', 'Create a network', async () => (await others()).createNetworkVerb),
			verb('ls', 'List networks', async () => (await lists()).networkLs, ['list']),
			verb('inspect', 'Show all about networks', async () => (await others()).networkInspect, ['show']),
			verb('rm', 'Remove networks', async () => (await others()).removeNetworkVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'volume',
		aliases: ['volumes', 'vol'],
		summary: 'Storage that outlives an instance',
		verbs: [
			verb('create', 'Create a volume', async () => (await others()).createVolumeVerb),
			verb('ls', 'List volumes', async () => (await lists()).volumeLs, ['list']),
			verb('inspect', 'Show all about volumes', async () => (await others()).volumeInspect, ['show']),
			verb('backup', 'Write what a volume holds to a tar', async () => (await others()).volumeBackup),
			verb('restore', 'Fill a volume from a tar', async () => (await others()).volumeRestore),
			verb('rm', 'Remove volumes', async () => (await others()).removeVolumeVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'config',
		aliases: ['configs'],
		summary: 'Files that instances read',
		verbs: [
			verb('create', 'Create a config', async () => (await others()).createConfigVerb),
			verb('ls', 'List configs', async () => (await lists()).configLs, ['list']),
			verb('inspect', 'Show all about configs', async () => (await others()).configInspect, ['show']),
			verb('edit', 'Give a config new content', async () => (await others()).editConfigVerb),
			verb(
				'rotate',
				'Give a config new content, and its services with it',
				async () => (await others()).rotateConfigVerb,
			),
			verb('rm', 'Remove configs', async () => (await others()).removeConfigVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'secret',
		aliases: ['secrets'],
		summary: 'Files that instances read, and nobody is shown',
		verbs: [
			verb('create', 'Create a secret', async () => (await others()).createSecretVerb),
			verb('ls', 'List secrets', async () => (await lists()).secretLs, ['list']),
			verb('inspect', 'Show all about secrets', async () => (await others()).secretInspect, ['show']),
			verb('edit', 'Give a secret new content', async () => (await others()).editSecretVerb),
			verb(
				'rotate',
				'Give a secret new content, and its services with it',
				async () => (await others()).rotateSecretVerb,
			),
			verb('rm', 'Remove secrets', async () => (await others()).removeSecretVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'resource',
		aliases: ['resources'],
		summary: 'Any kind that the engine has, beyond these (Kubernetes)',
		verbs: [
			verb('types', 'List the kinds', async () => (await others()).resourceTypes),
			verb('ls', 'List objects of a kind', async () => (await others()).resourceLs, ['list', 'get']),
			verb('describe', 'Show all about objects', async () => (await others()).resourceDescribe),
			verb('edit', 'Change one in an editor', async () => (await others()).resourceEdit),
			verb('label', 'Set or take away labels', async () => (await others()).resourceLabel),
			verb('rm', 'Remove objects', async () => (await others()).resourceRm, ['remove', 'delete']),
		],
	},
	{
		name: 'manifest',
		aliases: ['manifests'],
		summary: 'Objects as files say them (Kubernetes)',
		verbs: [
			verb('apply', 'Create or change what files hold', async () => (await others()).applyVerb),
			verb('diff', 'Show what `apply` would change', async () => (await others()).diffVerb),
			verb('rm', 'Remove what files hold', async () => (await others()).removeManifestsVerb, ['remove', 'delete']),
		],
	},
	{
		name: 'event',
		aliases: ['events'],
		summary: 'What happened',
		verbs: [verb('ls', 'List events', listEvents, ['list'])],
	},
	{
		name: 'stack',
		aliases: ['stacks'],
		summary: 'Services that a Compose file has made together',
		verbs: [
			verb('apply', 'Make what a Compose file asks for', async () => (await others()).applyStackVerb, ['deploy', 'up']),
			verb('diff', 'Show what `stack apply` would change', async () => (await others()).diffStackVerb),
			verb('ls', 'List stacks', async () => (await others()).stackLs, ['list']),
			verb('services', 'List the services of a stack', async () => (await others()).stackServices),
			verb('rm', 'Remove all of a stack', async () => (await others()).removeStackVerb, ['remove', 'down']),
		],
	},
	{
		name: 'swarm',
		aliases: [],
		summary: 'A swarm of Docker engines: who belongs to it, and what lets them in',
		verbs: [
			verb('init', 'Make an engine the first node of a new swarm', async () => (await others()).swarmInit),
			verb('inspect', 'Show what holds for all of it', async () => (await others()).swarmInspect, ['show']),
			verb('update', 'Change what holds for all of it', async () => (await others()).swarmUpdate),
			verb('join-token', 'Show or rotate what lets an engine join', async () => (await others()).swarmJoinToken),
			verb('unlock-key', 'Show or rotate the key of its managers', async () => (await others()).swarmUnlockKey),
			verb('unlock', 'Let a locked manager take part again', async () => (await others()).swarmUnlock),
			verb('ca', 'Show or rotate its root certificate', async () => (await others()).swarmCaVerb),
			verb('leave', 'Take this engine out of it', async () => (await others()).swarmLeave),
		],
	},
	{
		name: 'context',
		aliases: ['contexts'],
		summary: 'Which cluster',
		verbs: [
			verb('ls', 'List contexts', async () => (await others()).contextLs, ['list']),
			verb('use', 'Choose the context of later commands', async () => (await others()).contextUse),
			verb('add', 'Add the local engine of another machine', async () => (await others()).contextAdd, ['create']),
			verb('rm', 'Remove contexts that were added', async () => (await others()).contextRm, ['remove', 'delete']),
		],
	},
	{
		name: 'settings',
		aliases: [],
		summary: 'The config file: keys, colours, commands, policy',
		verbs: [
			verb('path', 'Where the config file is', async () => (await others()).settingsPath),
			verb('check', 'What is wrong with it, each with its line', async () => (await others()).settingsCheck),
			verb('schema', 'Its JSON Schema', async () => (await others()).settingsSchema),
			verb('keys', 'What keys can be bound to', async () => (await others()).settingsKeys),
		],
	},
	{
		name: 'access',
		aliases: [],
		summary: 'Who may come to the local engine by TCP',
		verbs: [
			verb('create', 'Give access, by a certificate', async () => (await others()).accessCreate, ['grant']),
			verb('ls', 'List who has access', async () => (await others()).accessLs, ['list']),
			verb('rotate', 'Make a new certificate', async () => (await others()).accessRotate),
			verb('rm', 'Take access away', async () => (await others()).accessRm, ['remove', 'delete', 'revoke']),
		],
	},
	{
		name: 'daemon',
		aliases: [],
		summary: 'The local engine',
		verbs: [
			verb('start', 'Start the daemon', async () => (await others()).daemonStart),
			verb('stop', 'Stop the daemon; with --all everything', async () => (await others()).daemonStop),
			verb('status', 'Show whether it runs, and its health', async () => (await others()).daemonStatus),
			verb('upgrade', 'Put this version in the place of the one that runs', async () => (await others()).daemonUpgrade),
			verb('unit', 'Print the unit for systemd', async () => (await others()).daemonUnit),
			verb('listen', 'Let other machines come by TCP', async () => (await others()).daemonListen),
			verb('install', 'Start it at login, by systemd', async () => (await others()).daemonInstall),
			verb('tend', 'Do for a swarm what Swarm does not', async () => (await others()).daemonTend),
		],
	},
];

export const nouns: readonly Noun[] = allNouns.map(withPatch);

export const topLevel: readonly VerbEntry[] = [
	ps,
	verb('ls', 'List services', async () => (await lists()).serviceLs),
	scale,
	logs,
	exec,
	attach,
	cp,
	portForward,
	debug,
	rollback,
	history,
	rebalance,
	verb('top', 'Instances or nodes by CPU and memory', async () => (await others()).top),
	verb('events', 'What happened', listEvents),
	verb('get', 'As `resource ls`: objects of any kind', async () => (await others()).resourceLs),
	verb('describe', 'As `resource describe`', async () => (await others()).resourceDescribe),
	verb('edit', 'As `resource edit`: any object in an editor', async () => (await others()).resourceEdit),
	verb('apply', 'As `manifest apply`', async () => (await others()).applyVerb),
	verb('diff', 'As `manifest diff`', async () => (await others()).diffVerb),
	verb('plan', 'Show what a command would change, or keep it for later', async () => (await others()).planVerb),
	verb('explain', 'Why something is as it is, and what helps', async () => (await others()).explain),
	verb('undo', 'Take the last change back', async () => (await others()).undo),
	verb('audit', 'What was changed, and by whom', async () => (await others()).audit),
	verb('wait', 'Wait for a state', async () => (await others()).wait),
	verb('fleet', 'How every context stands', async () => (await others()).fleet),
	verb('health', 'State of the control plane', async () => (await others()).health),
	verb('report', 'What to send with a bug, without names and secrets', async () => (await others()).report),
	verb('backup', 'Write the state of the local engine to a file', async () => (await others()).backup),
	verb('restore', 'Bring such a state back', async () => (await others()).restore),
	verb('metrics', 'Figures as Prometheus reads them', async () => (await others()).metrics),
	verb('demo', 'The dashboard on a simulated cluster', async () => (await others()).demo),
	verb('completion', 'Completion for a shell', async () => (await others()).completion),
	verb('version', 'Versions of muster and its daemon', async () => (await others()).version),
];
