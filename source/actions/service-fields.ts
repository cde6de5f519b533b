import {file, mount, network} from './attachments.ts';
import {bytes, choice, cpus, duration, integer, many, pair, text, toggle} from './fields.ts';
import {constraint, envPair, preference} from './placement-fields.ts';
import {port} from './ports.ts';

/** The flags that `service create` and `service update` share: docker's names. */
export const serviceFields = {
	replicas: integer('How many instances to keep running; of a job, how many have to complete', {min: 0, max: 100_000}),
	publish: many(port('Publish a port through the gateway')),
	env: many(envPair('Set an environment variable; without =VALUE it is taken from the present environment')),
	label: many(pair('Set a label of the service', {short: 'l'})),
	network: many(network('Join a network: NAME, or name=NAME,alias=NAME')),
	mount: many(mount('Give a folder: type=volume|bind|tmpfs,source=NAME,target=PATH[,readonly][,per-slot]')),
	config: many(
		file('Give a config as a file: NAME, or source=NAME,target=PATH,on-change=update|none|SIGNAL', 'CONFIG'),
	),
	secret: many(file('Give a secret as a file, in the same way', 'SECRET')),
	constraint: many(constraint('Place only on nodes for which this holds: node.labels.zone==a')),
	placementPref: many(preference('Spread over the values of a label: spread=node.labels.zone')),
	replicasMaxPerNode: integer('At most so many instances on a node; 0: no limit', {min: 0}),
	reserveCpu: cpus('CPUs to reserve for each instance'),
	reserveMemory: bytes('Memory to reserve for each instance'),
	limitCpu: cpus('CPUs that an instance may use at most'),
	limitMemory: bytes('Memory that an instance may use at most; it is ended above'),
	healthCmd: text('Healthy when this shell command ends with 0', 'COMMAND'),
	healthHttp: text('Healthy when this path answers with a status below 400', 'PATH'),
	healthTcp: toggle('Healthy when the port accepts a connection'),
	healthInterval: duration('Time between two health checks'),
	healthTimeout: duration('Longest time of one health check'),
	healthRetries: integer('Failed checks in a row that make an instance unhealthy', {min: 1, max: 1000}),
	healthStartPeriod: duration('Time after the start in which failed checks do not count'),
	restartCondition: choice('Restart an instance that ended', ['any', 'on-failure', 'none']),
	restartDelay: duration('Time before a restart; grows with each failure'),
	restartMaxAttempts: integer('Give up after so many restarts of a slot; 0: never', {min: 0}),
	restartWindow: duration('Restarts longer ago do not count; 0: all count'),
	stopGracePeriod: duration('Time between the stop signal and SIGKILL'),
	stopSignal: text('Signal that asks an instance to stop', 'SIGNAL'),
	user: text('User to run as', 'USER', {short: 'u'}),
	workdir: text('Working directory', 'DIR', {short: 'w'}),
	tty: toggle('Give each instance a terminal', {short: 't'}),
	interactive: toggle('Keep standard input open, to attach to', {short: 'i'}),
};
