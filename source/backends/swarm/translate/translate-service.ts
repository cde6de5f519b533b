import type {
	Instant,
	PublishedPort,
	Rollout,
	RolloutState,
	Service,
	ServiceSpec,
	ServiceStatus,
} from '../../../core/model/index.ts';
import {isPerNode} from '../../../core/spec/service-mode.ts';
import type {RawContainerSpec, RawPort, RawResources, RawService, RawServiceSpec, RawTaskSpec} from '../api-types.ts';
import {autoscaledOf, autoscaleOf} from '../tend/tend-labels.ts';
import {type Names, toAttachments} from './attachments.ts';
import {toContainerOptions, toGeneric} from './container-options.ts';
import {toHealth} from './health-test.ts';
import {templateVersion} from './template-version.ts';
import {heldBy, ownLabels, toUpdate} from './update-policy.ts';

const nsPerMs = 1_000_000;

export function toInstant(text: string | undefined): Instant {
	const at = text === undefined ? Number.NaN : Date.parse(text);
	// Go's zero time is a year 1.
	return Number.isNaN(at) || at < 0 ? 0 : at;
}

/** What the tasks of a service tell about it. */
export type Tally = {
	readonly running: number;
	/** Of one that runs on each node: as many nodes as take it. */
	readonly desired: number;
	readonly completed: number;
	/** Why not all run that should. */
	readonly message?: string;
	/** Of the present template, while it is updated. */
	readonly updated: number;
	/** Slots in which one of the present template failed, while it is updated. */
	readonly failed: number;
};

export function toService(raw: RawService, tally: Tally, names: Names): Omit<Service, 'revision'> {
	const spec = toServiceSpec(raw.Spec, names);
	const rollout = toRollout(raw, tally);
	const autoscale = autoscaledOf(raw.Spec);
	return {
		kind: 'service',
		id: raw.ID,
		name: raw.Spec.Name,
		createdAt: toInstant(raw.CreatedAt),
		updatedAt: toInstant(raw.UpdatedAt),
		spec,
		version: templateVersion(raw.Spec.TaskTemplate),
		removing: false,
		status: toStatus(raw, spec, tally),
		...(rollout && {rollout}),
		...(autoscale && spec.autoscale && {autoscale}),
	};
}

function toStatus(raw: RawService, spec: ServiceSpec, {running, desired, completed, message}: Tally): ServiceStatus {
	return {
		desired: isPerNode(spec) ? desired : spec.replicas,
		running,
		// A task is running only once it is healthy, and one that becomes unhealthy is ended.
		healthy: running,
		completed,
		...(message !== undefined && {message}),
		ports: (raw.Endpoint?.Ports ?? []).map(toPort),
	};
}

export function toServiceSpec(raw: RawServiceSpec, names: Names): ServiceSpec {
	const {TaskTemplate: task, Mode: mode = {}, EndpointSpec} = raw;
	const {Placement: placement = {}} = task;
	const held = heldBy(raw);
	const autoscale = autoscaleOf(raw);
	const container = toContainerOptions(task, names);
	return {
		...toMode(mode),
		labels: ownLabels(raw),
		template: {...toTemplate(task), ...toAttachments(task, names), ...(container && {container})},
		ports: (EndpointSpec?.Ports ?? []).map(toPort),
		// The other is what nobody has to ask for.
		...(EndpointSpec?.Mode === 'dnsrr' && {endpointMode: 'dnsrr'}),
		placement: {
			constraints: (placement.Constraints ?? []).map(toConstraint),
			preferences: (placement.Preferences ?? []).flatMap(({Spread}) =>
				Spread === undefined ? [] : [`spread=${toConstraint(Spread.SpreadDescriptor)}`],
			),
			maxReplicasPerNode: placement.MaxReplicas ?? 0,
		},
		restart: toRestart(task, isJob(mode)),
		update: held === undefined ? toUpdate(raw.UpdateConfig) : toUpdate({...raw.UpdateConfig, ...held.was}),
		rollback: toUpdate(raw.RollbackConfig),
		paused: held?.paused ?? false,
		canary: held?.canary ?? 0,
		...(autoscale && {autoscale}),
		forceUpdate: task.ForceUpdate ?? 0,
	};
}

function isJob({ReplicatedJob, GlobalJob}: NonNullable<RawServiceSpec['Mode']>): boolean {
	return ReplicatedJob !== undefined || GlobalJob !== undefined;
}

function toMode(
	mode: NonNullable<RawServiceSpec['Mode']>,
): Pick<ServiceSpec, 'mode' | 'replicas' | 'perNode' | 'maxConcurrent'> {
	if (mode.Global !== undefined) return {mode: 'global', replicas: 0, maxConcurrent: 0};
	if (mode.GlobalJob !== undefined) return {mode: 'job', perNode: true, replicas: 0, maxConcurrent: 0};
	if (mode.ReplicatedJob !== undefined) {
		const {TotalCompletions = 1, MaxConcurrent = 1} = mode.ReplicatedJob;
		const isAll = MaxConcurrent >= TotalCompletions;
		return {mode: 'job', replicas: TotalCompletions, maxConcurrent: isAll ? 0 : MaxConcurrent};
	}

	return {mode: 'replicated', replicas: mode.Replicated?.Replicas ?? 1, maxConcurrent: 0};
}

function toTemplate({ContainerSpec: container = {}, Resources}: RawTaskSpec): ServiceSpec['template'] {
	const health = toHealth(container.Healthcheck);
	return {
		image: container.Image ?? '',
		command: [...(container.Args ?? [])],
		env: toEnv(container),
		...(container.User ? {user: container.User} : {}),
		...(container.Dir ? {workdir: container.Dir} : {}),
		tty: container.TTY ?? false,
		openStdin: container.OpenStdin ?? false,
		stopSignal: container.StopSignal || 'SIGTERM',
		stopGraceMs: (container.StopGracePeriod ?? 10_000 * nsPerMs) / nsPerMs,
		...(health && {health}),
		reserve: toReserve(Resources?.Reservations),
		limit: toLimit(Resources?.Limits),
	};
}

/** A variable without a value takes one away from the image, which core does not know. */
function toEnv({Env = []}: RawContainerSpec): Record<string, string> {
	return Object.fromEntries(
		Env.filter(entry => entry.includes('=')).map(entry => {
			const equals = entry.indexOf('=');
			return [entry.slice(0, equals), entry.slice(equals + 1)];
		}),
	);
}

function cpusOf(resources: RawResources | undefined): number | undefined {
	return resources?.NanoCPUs === undefined ? undefined : resources.NanoCPUs / 1e9;
}

type RawLimits = NonNullable<RawTaskSpec['Resources']>;

function toReserve(raw: RawLimits['Reservations']): ServiceSpec['template']['reserve'] {
	const generic = toGeneric(raw?.GenericResources);
	const hasGeneric = Object.keys(generic).length > 0;
	return {cpus: cpusOf(raw) ?? 0, memoryBytes: raw?.MemoryBytes ?? 0, ...(hasGeneric && {generic})};
}

function toLimit(raw: RawLimits['Limits']): ServiceSpec['template']['limit'] {
	const cpus = cpusOf(raw);
	return {
		...(cpus ? {cpus} : {}),
		...(raw?.MemoryBytes ? {memoryBytes: raw.MemoryBytes} : {}),
		...(raw?.Pids ? {pids: raw.Pids} : {}),
	};
}

/** Docker's defaults are in force where nothing was asked: 5 s between two tries, for ever. */
function toRestart({RestartPolicy: policy = {}}: RawTaskSpec, isOfJob: boolean): ServiceSpec['restart'] {
	const {Condition = '', Delay = 5_000 * nsPerMs, MaxAttempts = 0, Window = 0} = policy;
	const usual = isOfJob ? 'on-failure' : 'any';
	const condition = Condition === 'none' || Condition === 'on-failure' ? Condition : usual;
	return {condition, delayMs: Delay / nsPerMs, maxAttempts: MaxAttempts, windowMs: Window / nsPerMs};
}

export function toPort({
	PublishedPort: published = 0,
	TargetPort: target,
	Protocol,
	PublishMode,
}: RawPort): PublishedPort {
	const protocol = Protocol === 'udp' || Protocol === 'sctp' ? Protocol : 'tcp';
	return {published, target, protocol, ...(PublishMode === 'host' && {mode: 'host'})};
}

/** `node.hostname` is what is `node.name` on every engine. */
export function toConstraint(text: string): string {
	return text.replace(/^node\.hostname\b/, 'node.name');
}

const rolloutStates: Readonly<Record<string, RolloutState>> = {
	updating: 'updating',
	rollback_started: 'rolling-back',
	paused: 'paused',
	rollback_paused: 'paused',
	completed: 'completed',
	rollback_completed: 'rolled-back',
};

function toRollout({UpdateStatus, Spec, PreviousSpec}: RawService, tally: Tally): Rollout | undefined {
	const told = rolloutStates[UpdateStatus?.State ?? ''];
	if (UpdateStatus === undefined || told === undefined) return undefined;
	const finishedAt = toInstant(UpdateStatus.CompletedAt);
	const mode = toMode(Spec.Mode ?? {});
	const held = told === 'updating' ? heldBy(Spec) : undefined;
	// The spec before may differ in something else: then nobody can say from here.
	const from = PreviousSpec && templateVersion(PreviousSpec.TaskTemplate);
	const isOver = told === 'completed' || told === 'rolled-back';
	const total = isPerNode(mode) ? tally.desired : mode.replicas;
	return {
		state: held === undefined ? told : 'paused',
		isRollback: /rollback/.test(UpdateStatus.State ?? ''),
		...(from !== undefined && from !== templateVersion(Spec.TaskTemplate) && {from}),
		...(held !== undefined && {pausedBy: held.paused ? 'user' : 'canary'}),
		...(told === 'paused' && {pausedBy: 'failure'}),
		startedAt: toInstant(UpdateStatus.StartedAt),
		...(finishedAt > 0 && {finishedAt}),
		updated: isOver ? total : tally.updated,
		total,
		failed: tally.failed,
		...(UpdateStatus.Message && !isOver && held === undefined && {message: UpdateStatus.Message}),
	};
}
