import {instanceStates} from '../../source/core/instance-state.ts';
import {flag, integer, list, map, number, object, oneOf, orNull, type Schema, text, time} from './schema-parts.ts';

/* JSON Schemas (2020-12) of what -o json prints, one for each kind; a list is an array of these. */

const meta = {
	id: text('Unique in its context, never used again'),
	name: text(),
	context: text('The cluster: local, swarm:NAME, …'),
	scope: orNull(text('The namespace, where the engine has such')),
	revision: text('Opaque; another one after each change'),
	createdAt: time('When it was created'),
	updatedAt: time('When it was last changed'),
};

const resources = object({cpus: number('Cores'), memoryBytes: integer('Bytes')});
const usage = orNull(
	object(
		{
			cpus: orNull(number('Cores')),
			memoryBytes: orNull(integer('Bytes')),
			requestsPerSecond: orNull(number('Answered, of HTTP')),
			errorsPerSecond: orNull(number('Answered with 500 and above, or not in full')),
			latencyP99Ms: orNull(number('Within so long all but a hundredth were answered')),
			connections: orNull(integer('Open now; of HTTP requests under way')),
			at: time('When it was measured'),
		},
		'What is used now; null: not known',
	),
);
const port = object({
	published: integer('The port that clients connect to'),
	'host?': text('The address that is listened on; absent: 127.0.0.1'),
	target: integer("The instance's port"),
	protocol: oneOf('tcp', 'udp', 'sctp'),
	'mode?': oneOf('host'),
	'http?': object(
		{
			'hosts?': list(text()),
			'paths?': list(text()),
			'sticky?': flag('A client stays with its instance'),
			'maxRequests?': integer('At the same time, for an instance'),
		},
		'Led request by request',
	),
	'tls?': text('The secret with certificate and key'),
	'proxyProtocol?': flag('Connections begin with a line that names the client'),
});
const health = object({
	test: {
		anyOf: [
			object({type: oneOf('command'), command: list(text())}),
			object({type: oneOf('http'), path: text(), 'port?': integer()}),
			object({type: oneOf('tcp'), 'port?': integer()}),
		],
	},
	intervalMs: integer(),
	timeoutMs: integer(),
	retries: integer(),
	startPeriodMs: integer(),
});

const file = object({
	source: text("The config's or secret's name"),
	'target?': text('A file name or an absolute path; absent: the name'),
	'mode?': integer('Permission bits'),
	'uid?': text(),
	'gid?': text(),
	'version?': integer('Absent: always the newest'),
	'onChange?': text('What a new version brings about: update, none, or a signal'),
});

const template = object({
	image: text(),
	command: list(text()),
	env: map('Environment variables'),
	'user?': text(),
	'workdir?': text(),
	tty: flag('Each instance has a terminal'),
	openStdin: flag('Standard input is kept open'),
	stopSignal: text(),
	stopGraceMs: integer(),
	'health?': health,
	reserve: object({
		cpus: number('Cores'),
		memoryBytes: integer('Bytes'),
		'generic?': {
			type: 'object',
			additionalProperties: integer(),
			description: 'So many of a kind that nodes have been told to offer',
		},
	}),
	limit: object({
		'cpus?': number('Cores'),
		'memoryBytes?': integer('Bytes'),
		'pids?': integer('Processes and threads'),
	}),
	'networks?': list(object({network: text(), 'aliases?': list(text())})),
	'mounts?': list(
		object({
			type: oneOf('volume', 'bind', 'tmpfs'),
			'source?': text('Of a volume its name, of a bind a path'),
			target: text('Where the instance finds it'),
			'readOnly?': flag('It cannot be written'),
			'perSlot?': flag('Each slot has a volume of its own'),
			'sizeBytes?': integer('Of a tmpfs'),
		}),
	),
	'configs?': list(file),
	'secrets?': list(file),
	'isolation?': list(oneOf('no-new-privileges', 'private-tmp', 'own-processes')),
	'container?': object(
		{
			'labels?': map('Of the containers'),
			'hostname?': text(),
			'hosts?': list(text('NAME:ADDRESS')),
			'dns?': list(text('The address of a name server')),
			'dnsSearch?': list(text('A domain')),
			'dnsOptions?': list(text('As in resolv.conf')),
			'entrypoint?': list(text("In the place of the image's own; command are its arguments")),
			'init?': flag('An init is the first process'),
			'groups?': list(text('By name or number')),
			'readOnly?': flag("The image's files cannot be written"),
			'oomScoreAdj?': integer('From -1000 to 1000'),
			'capAdd?': list(text('CAP_NET_ADMIN, or ALL')),
			'capDrop?': list(text()),
			'sysctls?': map('Kernel parameters'),
			'ulimits?': {
				type: 'object',
				additionalProperties: object({soft: integer('-1: none'), hard: integer('-1: none')}),
			},
			'isolation?': oneOf('process', 'hyperv'),
			'credentialSpec?': text('config://NAME, file://NAME or registry://KEY'),
			'log?': object({'driver?': text(), 'options?': map('Of the driver')}),
			'noHealthcheck?': flag('The health check of the image is not made'),
		},
		"Docker's rarer options: docs/options.md",
	),
});

const policy = (...failureActions: readonly string[]): Schema =>
	object({
		parallelism: integer('Slots replaced at the same time; 0: all at once'),
		delayMs: integer('From the end of one replacement to the start of the next'),
		order: oneOf('stop-first', 'start-first'),
		monitorMs: integer('A new instance that fails so soon after its start counts as a failure'),
		maxFailureRatio: number('From 0 to 1: with a greater part failed, failureAction is taken'),
		failureAction: oneOf(...failureActions),
	});

const spec = object(
	{
		mode: oneOf('replicated', 'global', 'job'),
		replicas: integer('Instances to keep running; of a job, completions wanted; of a global service 0'),
		'perNode?': flag('Job: one completion on each node that takes work; replicas is 0'),
		maxConcurrent: integer('Job: at most so many at the same time; 0: all'),
		labels: map('Labels of the service'),
		template,
		ports: list(port),
		'endpointMode?': oneOf('dnsrr'),
		placement: object({
			constraints: list(text()),
			preferences: list(text()),
			maxReplicasPerNode: integer('0: no limit'),
		}),
		restart: object({
			condition: oneOf('any', 'on-failure', 'none'),
			delayMs: integer(),
			maxAttempts: integer('0: no limit'),
			windowMs: integer('0: all restarts count'),
		}),
		update: policy('pause', 'continue', 'rollback'),
		rollback: policy('pause', 'continue'),
		paused: flag('No instance is replaced because of an update'),
		canary: integer('An update stops at so many slots until it is promoted; 0: it goes through'),
		'autoscale?': object({
			min: integer('0: none as long as nobody asks'),
			max: integer(),
			targets: list(
				object({
					metric: oneOf('cpu', 'memory', 'requests', 'connections'),
					value: number('What one instance is to bear'),
				}),
			),
			upWindowMs: integer('More only when every moment of it wished for it'),
			downWindowMs: integer('Fewer only when no moment of it wished for more'),
			cooldownMs: integer('Fewer only so long after the last change'),
		}),
		forceUpdate: integer(),
	},
	'What was asked',
);

const bodies: Readonly<Record<string, Schema>> = {
	service: object({
		...meta,
		image: text(),
		version: integer('Of the template, from 1'),
		removing: flag('Removal was asked'),
		spec,
		status: object({
			desired: integer('Instances that should run now'),
			running: integer(),
			healthy: integer('Running, and not ill or still starting; without a health check: running'),
			completed: integer('Job: completed slots'),
			message: orNull(text('Why it is not what was asked')),
			'address?': text('Where other services reach it'),
			ports: list(port),
		}),
		autoscale: orNull(
			object({
				at: time('Since when'),
				reason: text('The last decision'),
				scaledAt: orNull(time('When it last changed the number')),
				scaledFrom: orNull(integer()),
			}),
		),
		rollout: orNull(
			object({
				state: oneOf('updating', 'rolling-back', 'paused', 'completed', 'rolled-back'),
				isRollback: flag('Goes back to an earlier version'),
				from: orNull(integer('The version before it')),
				pausedBy: orNull(oneOf('user', 'canary', 'failure')),
				startedAt: time('When it began'),
				finishedAt: orNull(time('When it was through')),
				movedAt: orNull(time('When it last came nearer to its end')),
				updated: integer('Slots that are healthy at the new version'),
				total: integer(),
				failed: integer('Slots whose new instance failed while it was watched'),
				message: orNull(text()),
			}),
		),
	}),
	instance: object({
		...meta,
		service: text("The service's name"),
		serviceId: text(),
		slot: integer('From 1; of a global service 0'),
		version: integer("The version of the service's template that it is made from"),
		image: orNull(text()),
		node: orNull(text("The node's name")),
		nodeId: orNull(text()),
		state: oneOf(...instanceStates),
		stateAt: time('When it reached its state'),
		desired: oneOf('running', 'stopped'),
		health: oneOf('none', 'starting', 'healthy', 'unhealthy'),
		healthMessage: orNull(text('What the last check said')),
		startedAt: orNull(time('When its process started')),
		finishedAt: orNull(time('When it ended')),
		exitCode: orNull(integer()),
		reason: orNull(text('Why it is as it is')),
		restarts: integer('Of its slot, up to this one'),
		pid: orNull(integer()),
		endpoints: list(
			object({
				target: integer(),
				host: text(),
				port: integer(),
				'socket?': text('A unix socket where it answers, too'),
			}),
		),
		isolation: orNull(text('How its limits are held')),
		usage,
	}),
	node: object({
		...meta,
		status: {enum: ['ready', 'down', 'unknown'], description: 'unknown: not heard of since the daemon started'},
		statusAt: time('Since when'),
		message: orNull(text()),
		availability: oneOf('active', 'cordoned', 'draining', 'drained'),
		drainDeadlineAt: orNull(time('When what could not be moved is stopped all the same')),
		labels: map('Labels of the node'),
		instances: integer('Living ones'),
		capacity: resources,
		reserved: resources,
		generation: integer(),
		role: {enum: ['manager', 'worker', null], description: 'null: the engine has no roles'},
		pool: orNull(text('The pool that made it')),
		manager: orNull(object({isLeader: flag('It leads'), isReachable: flag('The other managers reach it')})),
		removing: flag('Removal was asked'),
		usage,
	}),
	pool: object({
		...meta,
		spec: object({
			min: integer('At least so many nodes'),
			max: integer('At most so many'),
			labels: map('Labels of its nodes'),
			capacity: object({'cpus?': number('CPUs that a node offers'), 'memoryBytes?': integer()}),
			addAfterMs: integer('An instance has waited so long'),
			idleMs: integer('A node was idle so long'),
			idleShare: number('Idle is who reserves at most this part'),
			cooldownMs: integer('None is removed so long after a change'),
		}),
		status: object({
			nodes: integer(),
			ready: integer('That take work'),
			reason: text('The last decision'),
			at: time('Since when it stands'),
			changed: orNull(object({at: time('When a node was last added or given up'), reason: text('Why')})),
		}),
		removing: flag('Removal was asked'),
	}),
	image: object({
		...meta,
		origin: oneOf('built in', 'added'),
		path: text('The folder'),
		command: list(text()),
		env: map('Environment variables'),
		port: orNull(integer('The default target port')),
		socket: flag('It answers at the unix socket MUSTER_SOCKET, too'),
		health: orNull(health),
		description: orNull(text()),
	}),
	network: object({
		...meta,
		driver: orNull(text()),
		reach: oneOf('cluster', 'node'),
		attachable: orNull(flag('Containers of no service may join')),
		internal: orNull(flag('Leads nowhere outside')),
		subnets: list(object({subnet: text(), gateway: orNull(text()), range: orNull(text())})),
		options: map("The driver's own"),
		labels: map('Labels of the network'),
		usedBy: list(text('A service')),
	}),
	volume: object({
		...meta,
		driver: orNull(text()),
		storageClass: orNull(text()),
		sizeBytes: orNull(integer('What is asked for')),
		node: orNull(text('Where it lies, when it belongs to one node')),
		path: orNull(text('The folder that holds it')),
		message: orNull(text('Why it cannot be used yet')),
		options: map("The driver's own"),
		labels: map('Labels of the volume'),
		usedBy: list(text('A service')),
	}),
	config: object({
		...meta,
		version: orNull(integer('Of its contents, from 1')),
		data: {
			type: 'object',
			description: 'Its files by name; base64 where one is no text',
			additionalProperties: {anyOf: [text(), object({base64: text()})]},
		},
		labels: map('Labels of the config'),
		usedBy: list(text('A service')),
	}),
	secret: object({
		...meta,
		version: orNull(integer('Of its contents, from 1')),
		type: orNull(text("The engine's own type")),
		files: list(text('What is in it is never shown')),
		labels: map('Labels of the secret'),
		usedBy: list(text('A service')),
	}),
	event: object({
		id: text(),
		context: text(),
		at: time('When it happened'),
		tone: oneOf('normal', 'warning'),
		reason: text('In one word'),
		about: object({kind: text(), id: text(), name: text()}),
		message: text("A sentence without the object's name"),
	}),
	version: object({
		service: text("The service's name"),
		context: text(),
		version: integer('What `rollback --to` takes'),
		isCurrent: flag('In force'),
		instances: integer('Instances meant to run that are made from it'),
		createdAt: orNull(time('When it was made')),
		spec: object({template, ports: list(port), forceUpdate: integer()}),
		changes: list(object({path: text(), before: {}, after: {}}, 'Against the version before it')),
	}),
	component: object({
		name: text(),
		context: text(),
		state: oneOf('ok', 'warning', 'failed'),
		message: text(),
	}),
};

export const schemas: Readonly<Record<string, Schema>> = Object.fromEntries(
	Object.entries(bodies).map(([name, body]) => [
		name,
		{$schema: 'https://json-schema.org/draft/2020-12/schema', title: name, ...body},
	]),
);
