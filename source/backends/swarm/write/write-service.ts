import {isDeepStrictEqual} from 'node:util';
import type {Patch} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {ServiceSpec} from '../../../core/model/index.ts';
import {refuseOptions} from '../../../core/spec/engine-options.ts';
import {modeText} from '../../../core/spec/service-mode.ts';
import type {RawPort, RawResources, RawServiceSpec} from '../api-types.ts';
import {autoscaledLabel, autoscaleLabel} from '../tend/tend-labels.ts';
import {type Names, writeFiles, writeMounts, writeNetworks} from '../translate/attachments.ts';
import {fromGeneric, writeContainerOptions} from '../translate/container-options.ts';
import {fromHealth} from '../translate/health-test.ts';
import {toPort} from '../translate/translate-service.ts';
import {keptLabels, writeUpdate} from '../translate/update-policy.ts';

const nsPerMs = 1_000_000;

/** The least that a service of this mode is: what nobody asked for stays Swarm's own default. */
export function emptyService(
	name: string,
	{mode, perNode}: Pick<Patch<ServiceSpec>, 'mode' | 'perNode'>,
): RawServiceSpec {
	const job = perNode ? {GlobalJob: {}} : {ReplicatedJob: {}};
	return {
		Name: name,
		TaskTemplate: {ContainerSpec: {}},
		Mode: mode === 'global' ? {Global: {}} : mode === 'job' ? job : {Replicated: {Replicas: 1}},
	};
}

/** Whoever tends the swarm reads it there. */
function writeAutoscale(written: RawServiceSpec, policy: ServiceSpec['autoscale']): void {
	const uncounted = policy?.targets.find(({metric}) => metric === 'requests' || metric === 'connections');
	if (uncounted !== undefined) {
		throw new ClusterError('unsupported', `Swarm's routing mesh does not count ${uncounted.metric}.`, {
			hint: 'Scale by --cpu, --memory, or a figure of your own: --metric NAME=VALUE.',
		});
	}

	if (policy?.min === 0) {
		throw new ClusterError(
			'unsupported',
			'Swarm holds no request until an instance is there: --min must be 1 or more.',
		);
	}

	const {[autoscaleLabel]: _, [autoscaledLabel]: __, ...others} = written.Labels ?? {};
	written.Labels = policy === undefined ? others : {...written.Labels, [autoscaleLabel]: JSON.stringify(policy)};
}

/** What it has to be known besides: of whom names tell, and which API (`v1.41`) is spoken with the manager. */
export type Writing = {readonly names: Names; readonly api: string};

/** Writes what differs between the two into the engine's own object; all else in it stays. */
export function writeService(
	raw: RawServiceSpec,
	before: ServiceSpec,
	after: ServiceSpec,
	{names, api}: Writing,
): RawServiceSpec {
	refuseOptions('swarm', after, {before, api});
	const written = structuredClone(raw);
	if (modeText(before) !== modeText(after)) {
		throw new ClusterError('conflict', `A service keeps its mode: this one is ${modeText(before)}.`, {
			hint: 'Remove it and create it anew.',
		});
	}

	const changes = <P extends keyof ServiceSpec>(member: P) => !isDeepStrictEqual(before[member], after[member]);
	if (changes('replicas') || changes('maxConcurrent')) written.Mode = modeOf(after);
	if (changes('template')) writeTemplate(written, before.template, after.template, names);
	if (changes('ports')) writePorts(written, after.ports);
	if (changes('endpointMode')) writeEndpointMode(written, after.endpointMode);
	if (changes('placement')) writePlacement(written, after.placement);
	if (changes('update') || changes('rollback') || changes('paused') || changes('canary')) {
		writeUpdate(written, after);
	} else if (changes('labels')) {
		written.Labels = {...after.labels, ...keptLabels(raw)};
	}

	if (changes('autoscale')) writeAutoscale(written, after.autoscale);

	if (changes('forceUpdate')) written.TaskTemplate.ForceUpdate = after.forceUpdate;
	if (changes('restart')) {
		const {condition, delayMs, maxAttempts, windowMs} = after.restart;
		written.TaskTemplate.RestartPolicy = {
			...written.TaskTemplate.RestartPolicy,
			Condition: condition,
			Delay: delayMs * nsPerMs,
			MaxAttempts: maxAttempts,
			Window: windowMs * nsPerMs,
		};
	}

	return written;
}

function modeOf({mode, replicas, perNode, maxConcurrent}: ServiceSpec): NonNullable<RawServiceSpec['Mode']> {
	switch (mode) {
		case 'global':
			return {Global: {}};
		case 'job':
			if (perNode) return {GlobalJob: {}};
			return {ReplicatedJob: {TotalCompletions: replicas, MaxConcurrent: maxConcurrent || replicas}};
		case 'replicated':
			return {Replicated: {Replicas: replicas}};
	}
}

type Template = ServiceSpec['template'];

function writeTemplate({TaskTemplate: task}: RawServiceSpec, before: Template, after: Template, names: Names): void {
	task.ContainerSpec ??= {};
	const container = task.ContainerSpec;
	const set = <P extends keyof Template>(member: P, write: (value: Template[P]) => void) => {
		if (!isDeepStrictEqual(before[member], after[member])) write(after[member]);
	};
	set('image', image => {
		container.Image = imageOf(image);
	});
	set('command', command => {
		container.Args = [...command];
	});
	set('env', env => {
		// One without a value takes it away from the image; core does not know it, so it stays.
		const without = (container.Env ?? []).filter(entry => !entry.includes('='));
		container.Env = [...without, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)];
	});
	set('user', user => assignOrDelete(container, 'User', user));
	set('workdir', workdir => assignOrDelete(container, 'Dir', workdir));
	set('tty', tty => {
		container.TTY = tty;
	});
	set('openStdin', openStdin => {
		container.OpenStdin = openStdin;
	});
	set('stopSignal', stopSignal => {
		container.StopSignal = stopSignal;
	});
	set('stopGraceMs', stopGraceMs => {
		container.StopGracePeriod = stopGraceMs * nsPerMs;
	});
	set('health', health => assignOrDelete(container, 'Healthcheck', health && fromHealth(health)));
	set('networks', networks => writeNetworks(task, networks, names));
	set('mounts', mounts => writeMounts(container, mounts));
	set('configs', files => writeFiles(container, 'Configs', files, names));
	set('secrets', files => writeFiles(container, 'Secrets', files, names));
	set('reserve', reserve => {
		const known = task.Resources?.Reservations;
		const isOther = !isDeepStrictEqual(before.reserve.generic, reserve.generic);
		const generic = isOther && {GenericResources: fromGeneric(known?.GenericResources, reserve.generic)};
		task.Resources = {...task.Resources, Reservations: {...known, ...resources(reserve), ...generic}};
	});
	set('limit', limit => {
		const pids = before.limit.pids !== limit.pids && {Pids: limit.pids ?? 0};
		task.Resources = {...task.Resources, Limits: {...task.Resources?.Limits, ...resources(limit), ...pids}};
	});
	set('container', options => writeContainerOptions(task, before.container, options, names));
}

function assignOrDelete<T extends object, P extends keyof T>(target: T, member: P, value: T[P] | undefined): void {
	if (value === undefined) delete target[member];
	else target[member] = value;
}

function resources({cpus = 0, memoryBytes = 0}: {readonly cpus?: number; readonly memoryBytes?: number}): RawResources {
	return {NanoCPUs: Math.round(cpus * 1e9), MemoryBytes: memoryBytes};
}

/** `docker:` forces what is the only way here. */
function imageOf(image: string): string {
	const [, way, rest] = /^(image|exec|docker):(.*)$/.exec(image) ?? [];
	if (way === 'image' || way === 'exec') {
		throw new ClusterError('usage', `${JSON.stringify(image)}: a swarm runs container images only.`, {
			hint: `Leave ${way}: out, and name an image.`,
		});
	}

	return rest ?? image;
}

function writePorts(spec: RawServiceSpec, ports: ServiceSpec['ports']): void {
	const known = spec.EndpointSpec?.Ports ?? [];
	spec.EndpointSpec = {
		...spec.EndpointSpec,
		Ports: ports.map((port): RawPort => {
			const {published, target, protocol, mode, host} = port;
			refuseOtherPort(port);
			if (host !== undefined) {
				throw new ClusterError('unsupported', `-p ${host}:${published}:${target}: Swarm publishes on all addresses.`, {
					hint: `Use -p ${published}:${target}.`,
				});
			}

			const same = known.find(raw => isDeepStrictEqual(toPort(raw), port));
			return (
				same ?? {
					Protocol: protocol,
					TargetPort: target,
					...(published > 0 && {PublishedPort: published}),
					PublishMode: mode ?? 'ingress',
				}
			);
		}),
	};
}

/** Docker's own for what is not said. */
function writeEndpointMode(spec: RawServiceSpec, mode: 'vip' | 'dnsrr' = 'vip'): void {
	spec.EndpointSpec = {...spec.EndpointSpec, Mode: mode};
}

function refuseOtherPort({published, target, http, tls, proxyProtocol}: ServiceSpec['ports'][number]): void {
	if (http !== undefined || tls !== undefined || proxyProtocol) {
		throw new ClusterError(
			'unsupported',
			`-p ${published}:${target}: Swarm leads connections, and knows neither HTTP nor TLS.`,
			{
				hint: `Use -p ${published}:${target}, and a proxy as service of its own.`,
			},
		);
	}
}

function writePlacement({TaskTemplate: task}: RawServiceSpec, placement: ServiceSpec['placement']): void {
	task.Placement = {
		...task.Placement,
		Constraints: placement.constraints.map(fromConstraint),
		Preferences: placement.preferences.map(text => ({
			Spread: {SpreadDescriptor: fromConstraint(text.replace(/^spread=/, ''))},
		})),
		MaxReplicas: placement.maxReplicasPerNode,
	};
}

function fromConstraint(text: string): string {
	return text.replace(/^node\.name\b/, 'node.hostname');
}
