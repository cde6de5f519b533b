import type {InstanceState} from '../../../core/instance-state.ts';
import type {Health, Instance, InstanceStatus} from '../../../core/model/index.ts';
import type {Bounds, Resources} from '../../../core/model/resources.ts';
import {quickFailureMs} from '../../../core/restart.ts';
import {parseQuantity} from '../wire/quantity.ts';
import {instantOf, type WireContainer, type WireContainerStatus, type WirePod} from '../wire/wire.ts';
import {controllerOf, metaOf} from './translate-meta.ts';

/** What is kept of a pod: the instance but for what only its owners know, and what its node has reserved for it. */
export type KeptPod = {
	readonly base: Omit<Instance, 'serviceId' | 'serviceName' | 'version'>;
	readonly ownerId: string | undefined;
	readonly ownerKind: string | undefined;
	readonly ownerName: string | undefined;
	/** What tells the versions of a StatefulSet or DaemonSet apart. */
	readonly hash: string | undefined;
	readonly reserved: Resources;
};

type Told = Pick<InstanceStatus, 'state' | 'health'> & {
	readonly reason?: string | undefined;
	readonly healthMessage?: string | undefined;
	readonly at?: number | undefined;
	readonly exitCode?: number | undefined;
	readonly finishedAt?: number | undefined;
};

export function keepPod(pod: WirePod): KeptPod {
	const {metadata, spec = {}, status = {}} = pod;
	const owner = controllerOf(metadata);
	const told = tell(pod);
	const deletedAt = instantOf(metadata.deletionTimestamp);
	const startedAt = startOf(status.containerStatuses) ?? instantOf(status.startTime);
	const at = told.at ?? conditionAt(pod) ?? instantOf(metadata.creationTimestamp) ?? 0;
	const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
	const isStopping = deletedAt !== undefined;
	const reserved = reservedBy(pod);
	return {
		base: {
			...metaOf(metadata, metadata.resourceVersion, at),
			kind: 'instance',
			slot: slotOf(pod, owner?.kind),
			...(spec.containers?.[0]?.image === undefined ? {} : {image: spec.containers[0].image}),
			// Nodes are known to pods by their names only; a node's id is its name, too.
			...(spec.nodeName ? {nodeId: spec.nodeName, nodeName: spec.nodeName} : {}),
			desired: isStopping ? 'stopped' : 'running',
			...(isStopping && {desiredReason: 'being deleted'}),
			restarts: statuses.reduce((sum, {restartCount = 0}) => sum + restartCount, 0),
			attempts: 0,
			quickFailures: quickFailuresOf(statuses),
			status: {
				state: told.state,
				at,
				...(told.reason === undefined ? {} : {reason: told.reason}),
				health: told.health,
				...(told.healthMessage === undefined ? {} : {healthMessage: told.healthMessage}),
				...(startedAt === undefined ? {} : {startedAt}),
				...(told.finishedAt === undefined ? {} : {finishedAt: told.finishedAt}),
				...(told.exitCode === undefined ? {} : {exitCode: told.exitCode}),
				endpoints: endpointsOf(pod),
			},
			containers: readiness(pod),
			...boundsOf(pod, reserved),
		},
		ownerId: owner?.uid,
		ownerKind: owner?.kind,
		ownerName: owner?.name,
		hash: metadata.labels?.['controller-revision-hash'],
		reserved,
	};
}

/** State and reason: what people would find after reading the whole status. */
function tell(pod: WirePod): Told {
	const {metadata, spec = {}, status = {}} = pod;
	switch (status.phase) {
		case 'Succeeded':
			return {state: 'completed', health: 'none', ...ending(status.containerStatuses), reason: undefined};
		case 'Failed':
			return {state: 'failed', health: 'none', ...failure(pod)};
	}

	if (isSilent(pod)) return {state: 'unknown', health: 'none', reason: status.message || 'its node is silent'};
	const scheduled = status.conditions?.find(({type}) => type === 'PodScheduled');
	if (!spec.nodeName) {
		const reason = sentence(scheduled?.status === 'False' ? scheduled.reason : undefined, scheduled?.message);
		return {state: 'pending', health: 'none', reason};
	}

	const waiting =
		waitingOf(status.initContainerStatuses, spec.initContainers, 'init ') ??
		waitingOf(status.containerStatuses, spec.containers, '');
	if (waiting !== undefined) return waiting;
	if (status.phase !== 'Running') {
		const state: InstanceState = (status.containerStatuses ?? []).length > 0 ? 'preparing' : 'assigned';
		return {state, health: 'none', reason: initProgress(pod)};
	}

	return {state: 'running', ...healthOf(pod, metadata.deletionTimestamp !== undefined)};
}

/**
 * Nobody has heard of it. Where a node is silent, the node controller takes a pod's readiness without a word, and leaves that of its
 * containers; the kubelet, and whoever keeps a readiness gate shut, would say why.
 */
function isSilent({status = {}}: WirePod): boolean {
	if (status.phase === 'Unknown' || status.reason === 'NodeLost') return true;
	const of = (wanted: string) => status.conditions?.find(({type}) => type === wanted);
	const ready = of('Ready');
	if (ready?.status === 'Unknown') return true;
	return ready?.status === 'False' && !ready.reason && !ready.message && of('ContainersReady')?.status === 'True';
}

/** A container that waits, or has ended and waits to be started again, and why. */
function waitingOf(
	statuses: readonly WireContainerStatus[] | undefined,
	containers: readonly WireContainer[] | undefined,
	what: string,
): Told | undefined {
	const several = (containers ?? []).length > 1 || what !== '';
	for (const {name, state, lastState} of statuses ?? []) {
		const prefix = several ? `${what}container ${name}: ` : '';
		const {reason, message} = state?.waiting ?? {};
		if (reason === 'CrashLoopBackOff') {
			const last = ending([{name, state: lastState ?? {}}]);
			const why = last.reason === undefined ? message : `${last.reason}`;
			const text = `${prefix}CrashLoopBackOff${why === undefined ? '' : `: ${why}`}`;
			return {state: 'starting', health: 'unhealthy', healthMessage: text, reason: text, exitCode: last.exitCode};
		}

		if (reason !== undefined && reason !== 'ContainerCreating' && reason !== 'PodInitializing') {
			const text = prefix + (sentence(reason, message) ?? reason);
			return {state: 'preparing', health: 'unhealthy', healthMessage: text, reason: text};
		}

		// Between its end and its next start.
		if (state?.terminated !== undefined && (what === '' || state.terminated.exitCode !== 0)) {
			const last = ending([{name, state}]);
			const text = `${prefix}${last.reason ?? 'ended'}, to be started again`;
			return last.exitCode === 0 && what === '' && several
				? undefined
				: {state: 'starting', health: 'unhealthy', healthMessage: text, reason: text, exitCode: last.exitCode};
		}
	}

	return undefined;
}

function initProgress({spec = {}, status = {}}: WirePod): string | undefined {
	const total = spec.initContainers?.length ?? 0;
	if (total === 0) return undefined;
	const done = (status.initContainerStatuses ?? []).filter(({state}) => state?.terminated?.exitCode === 0).length;
	return done < total ? `${done} of ${total} init containers done` : undefined;
}

function healthOf({spec = {}, status = {}}: WirePod, isStopping: boolean): {health: Health; healthMessage?: string} {
	const ready = status.conditions?.find(({type}) => type === 'Ready');
	if (ready?.status === 'True') {
		return {health: spec.containers?.some(({readinessProbe}) => readinessProbe) ? 'healthy' : 'none'};
	}

	if (isStopping) return {health: 'none'};
	return {health: 'starting', healthMessage: ready?.message ?? 'not ready yet'};
}

function failure(pod: WirePod): Omit<Told, 'state' | 'health'> {
	const {reason, message} = pod.status ?? {};
	const last = ending([...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]);
	return {...last, reason: sentence(reason, message) ?? last.reason};
}

/** How the worst of some containers has ended. */
function ending(statuses: readonly WireContainerStatus[] | undefined): {
	reason?: string | undefined;
	exitCode?: number | undefined;
	finishedAt?: number | undefined;
	at?: number | undefined;
} {
	const ended = (statuses ?? []).flatMap(({state}) => (state?.terminated ? [state.terminated] : []));
	const worst = ended.find(({exitCode = 0}) => exitCode !== 0) ?? ended[0];
	if (worst === undefined) return {};
	const {exitCode, signal, reason, message} = worst;
	const code = signal ? `signal ${signal}` : `exit code ${exitCode ?? 0}`;
	const known = reason === 'Error' || reason === 'Completed' ? code : `${reason ?? 'ended'} (${code})`;
	const finishedAt = instantOf(worst.finishedAt);
	return {
		exitCode: exitCode ?? 0,
		reason: message ? `${known}: ${message.trim()}` : known,
		...(finishedAt === undefined ? {} : {finishedAt, at: finishedAt}),
	};
}

/** `Unschedulable: 0/3 nodes are available: …` */
function sentence(reason: string | undefined, text: string | undefined): string | undefined {
	const message = text?.trim();
	if (!message) return reason;
	return reason && !message.startsWith(reason) ? `${reason}: ${message}` : message;
}

/** The kubelet counts all starts of a container: they count here while it waits longer and longer for the next, or has ended soon. */
function quickFailuresOf(statuses: readonly WireContainerStatus[]): number {
	const counts = statuses.map(({state, lastState, restartCount = 0}) => {
		if (state?.waiting?.reason === 'CrashLoopBackOff') return Math.max(1, restartCount);
		const ended = state?.terminated ?? lastState?.terminated;
		if (ended === undefined || ended.exitCode === 0) return 0;
		const ranMs = (instantOf(ended.finishedAt) ?? 0) - (instantOf(ended.startedAt) ?? 0);
		return ranMs < quickFailureMs ? restartCount + (state?.terminated === undefined ? 0 : 1) : 0;
	});
	return Math.max(0, ...counts);
}

function startOf(statuses: readonly WireContainerStatus[] | undefined): number | undefined {
	const starts = (statuses ?? []).flatMap(({state}) => instantOf(state?.running?.startedAt) ?? []);
	return starts.length === 0 ? undefined : Math.max(...starts);
}

/** When its state was reached, as far as the conditions tell. */
function conditionAt({status = {}}: WirePod): number | undefined {
	let last: number | undefined;
	for (const {lastTransitionTime} of status.conditions ?? []) {
		const at = instantOf(lastTransitionTime);
		if (at !== undefined && (last === undefined || at > last)) last = at;
	}

	return last;
}

/** A StatefulSet's and an indexed Job's pods have a place of their own. */
function slotOf({metadata}: WirePod, ownerKind: string | undefined): number {
	const index =
		ownerKind === 'StatefulSet'
			? /-(\d+)$/.exec(metadata.name)?.[1]
			: metadata.labels?.['batch.kubernetes.io/job-completion-index'];
	return index === undefined ? 0 : Number(index) + 1;
}

function endpointsOf({spec = {}, status = {}}: WirePod): InstanceStatus['endpoints'] {
	const host = status.podIP;
	if (!host) return [];
	return (spec.containers ?? []).flatMap(({ports = []}) =>
		ports.flatMap(({containerPort: port}) => (port === undefined ? [] : [{target: port, host, port}])),
	);
}

/** Those that run all the time: sidecars stand among the init containers. */
function lasting({spec = {}}: WirePod): readonly WireContainer[] {
	const sidecars = (spec.initContainers ?? []).filter(({restartPolicy}) => restartPolicy === 'Always');
	return [...(spec.containers ?? []), ...sidecars];
}

/** As kubectl counts them. */
function readiness(pod: WirePod): NonNullable<Instance['containers']> {
	const {initContainerStatuses = [], containerStatuses = []} = pod.status ?? {};
	const ready = new Set(
		[...initContainerStatuses, ...containerStatuses].filter(one => one.ready).map(({name}) => name),
	);
	const containers = lasting(pod);
	const counts = {ready: containers.filter(({name}) => ready.has(name)).length, total: containers.length};
	return containers.length < 2 ? counts : {...counts, names: containers.map(({name}) => name)};
}

/** The template of a service tells of its first container; what is measured are all. */
function boundsOf(pod: WirePod, reserve: Resources): {bounds?: Bounds} {
	const containers = lasting(pod);
	if (containers.length < 2) return {};
	const limitOf = (name: 'cpu' | 'memory') => {
		const limits = containers.flatMap(({resources}) => parseQuantity(resources?.limits?.[name]) ?? []);
		return limits.length < containers.length ? undefined : limits.reduce((sum, one) => sum + one, 0);
	};
	const cpus = limitOf('cpu');
	const memoryBytes = limitOf('memory');
	const limit = {...(cpus === undefined ? {} : {cpus}), ...(memoryBytes === undefined ? {} : {memoryBytes})};
	return {bounds: {limit, reserve}};
}

/** What the scheduler counts: the containers together, or the largest of those that run before them. */
function reservedBy({spec = {}, status = {}}: WirePod): Resources {
	if (status.phase === 'Succeeded' || status.phase === 'Failed') return {cpus: 0, memoryBytes: 0};
	const figure = (name: 'cpu' | 'memory') => {
		const of = ({resources}: WireContainer) => parseQuantity(resources?.requests?.[name]) ?? 0;
		const inits = spec.initContainers ?? [];
		const sidecars = inits
			.filter(({restartPolicy}) => restartPolicy === 'Always')
			.reduce((sum, one) => sum + of(one), 0);
		const main = (spec.containers ?? []).reduce((sum, one) => sum + of(one), sidecars);
		return Math.max(main, ...inits.map(of));
	};
	return {cpus: figure('cpu'), memoryBytes: figure('memory')};
}
