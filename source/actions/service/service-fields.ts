import {bytes, choice, cpus, duration, integer, many, pair, ratio, text, toggle} from '../fields/fields.ts';
import {file, mount, network} from './attachments.ts';
import {containerFields} from './container-fields.ts';
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
	isolate: many(
		choice('Keep a process instance apart by this; may be given several times', [
			'no-new-privileges',
			'private-tmp',
			'own-processes',
		]),
	),
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
	healthStartInterval: duration('Time between two health checks in that time'),
	restartCondition: choice('Restart an instance that ended', ['any', 'on-failure', 'none']),
	restartDelay: duration('Time before a restart; grows with each failure'),
	restartMaxAttempts: integer('Give up after so many restarts of a slot; 0: never', {min: 0}),
	restartWindow: duration('Restarts longer ago do not count; 0: all count'),
	updateParallelism: integer('Instances that an update replaces at the same time; 0: all', {min: 0, max: 100_000}),
	updateDelay: duration('Time between the end of one replacement and the start of the next'),
	updateOrder: choice('Whether the old or the new instance comes first in a replacement', [
		'stop-first',
		'start-first',
	]),
	updateMonitor: duration('A new instance that fails within this time counts as a failure of the update'),
	updateMaxFailureRatio: ratio('Part of the instances that may fail'),
	updateFailureAction: choice('What an update does when more have failed', ['pause', 'continue', 'rollback']),
	rollbackParallelism: integer('As --update-parallelism, for going back', {min: 0, max: 100_000}),
	rollbackDelay: duration('As --update-delay, for going back'),
	rollbackOrder: choice('As --update-order, for going back', ['stop-first', 'start-first']),
	rollbackMonitor: duration('As --update-monitor, for going back'),
	rollbackMaxFailureRatio: ratio('As --update-max-failure-ratio, for going back'),
	rollbackFailureAction: choice('As --update-failure-action, for going back', ['pause', 'continue']),
	stopGracePeriod: duration('Time between the stop signal and SIGKILL'),
	stopSignal: text('Signal that asks an instance to stop', 'SIGNAL'),
	user: text('User to run as', 'USER', {short: 'u'}),
	workdir: text('Working directory', 'DIR', {short: 'w'}),
	tty: toggle('Give each instance a terminal', {short: 't'}),
	interactive: toggle('Keep standard input open, to attach to', {short: 'i'}),
	...containerFields,
};
