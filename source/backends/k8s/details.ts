import type {Detail} from '../../core/backend.ts';
import {stripControl} from '../../core/text/text.ts';
import {formatBytes} from '../../core/text/units.ts';
import type {KubeClient} from './client.ts';
import {podsOnNode} from './nodes/drain.ts';
import {controllerOf} from './translate/translate-meta.ts';
import {parseQuantity} from './wire/quantity.ts';
import type {
	WireContainer,
	WireContainerState,
	WireContainerStatus,
	WireNode,
	WirePod,
	WireProbe,
} from './wire/wire.ts';
import {nodePath} from './write/write-node.ts';

type Rows = Array<readonly [string, string | undefined]>;

/** What a pod is beyond an instance: whose it is, and each of its containers with its state and probes. */
export function podDetails(pod: WirePod): readonly Detail[] {
	const {metadata, spec = {}, status = {}} = pod;
	const owner = controllerOf(metadata);
	const about: Rows = [
		['namespace', metadata.namespace],
		['owner', owner === undefined ? 'nobody: it is not replaced' : `${owner.kind} ${owner.name}`],
		['quality of service', status.qosClass],
		['priority', spec.priorityClassName],
		['service account', spec.serviceAccountName],
		['address', status.podIP],
		...(status.conditions ?? []).map(({type, status: value, reason, message}): Rows[number] => [
			type,
			[value === 'True' ? 'yes' : value === 'False' ? 'no' : 'unknown', reason, message].filter(Boolean).join(' · '),
		]),
	];
	const groups = [
		...(spec.initContainers ?? []).map(container => ({
			container,
			kind: container.restartPolicy === 'Always' ? 'Sidecar' : 'Init container',
			statuses: status.initContainerStatuses,
		})),
		...(spec.containers ?? []).map(container => ({
			container,
			kind: 'Container',
			statuses: status.containerStatuses,
		})),
		...(spec.ephemeralContainers ?? []).map(container => ({
			container,
			kind: 'Debug container',
			statuses: status.ephemeralContainerStatuses,
		})),
	];
	return [
		detail('Pod', about),
		...groups.map(({container, kind, statuses}) =>
			detail(
				`${kind} ${container.name}`,
				containerRows(
					container,
					statuses?.find(({name}) => name === container.name),
				),
			),
		),
	];
}

function containerRows(container: WireContainer, status: WireContainerStatus | undefined): Rows {
	const {resources = {}, ports = []} = container;
	return [
		['state', stateText(status?.state) ?? 'not started'],
		['before', stateText(status?.lastState)],
		['ready', status?.ready === undefined ? undefined : status.ready ? 'yes' : 'no'],
		['restarts', status?.restartCount === undefined ? undefined : String(status.restartCount)],
		['image', container.image],
		[
			'ports',
			ports.map(({containerPort, protocol = 'TCP'}) => `${containerPort}/${protocol.toLowerCase()}`).join(', '),
		],
		['requests', quantities(resources.requests)],
		['limits', quantities(resources.limits)],
		['startup probe', probeText(container.startupProbe)],
		['readiness probe', probeText(container.readinessProbe)],
		['liveness probe', probeText(container.livenessProbe)],
	];
}

export function stateText(state: WireContainerState | undefined): string | undefined {
	const {waiting, running, terminated} = state ?? {};
	if (running !== undefined) return `running since ${running.startedAt ?? 'an unknown time'}`;
	if (waiting !== undefined) return ['waiting', waiting.reason, waiting.message].filter(Boolean).join(' · ');
	if (terminated === undefined) return undefined;
	const {exitCode = 0, signal, reason, message, finishedAt} = terminated;
	const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
	return ['ended', how, reason, message?.trim(), finishedAt && `at ${finishedAt}`].filter(Boolean).join(' · ');
}

export function probeText(probe: WireProbe | undefined): string | undefined {
	if (probe === undefined) return undefined;
	const {httpGet, tcpSocket, exec, grpc} = probe;
	const what =
		httpGet !== undefined
			? `GET ${httpGet.path ?? '/'} on port ${httpGet.port}`
			: tcpSocket !== undefined
				? `connects to port ${tcpSocket.port}`
				: grpc !== undefined
					? `gRPC on port ${grpc.port}`
					: `runs ${(exec?.command ?? []).join(' ')}`;
	const {initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3} = probe;
	const delay = initialDelaySeconds > 0 ? `after ${initialDelaySeconds} s, ` : '';
	return `${what}, ${delay}each ${periodSeconds} s, waits ${timeoutSeconds} s, fails after ${failureThreshold}`;
}

export async function readNodeDetails(client: KubeClient, name: string): Promise<readonly Detail[]> {
	const [node, pods] = await Promise.all([client.json<WireNode>({path: nodePath(name)}), podsOnNode(client, name)]);
	const used = pods.reduce(
		(sum, {reserved}) => ({cpus: sum.cpus + reserved.cpus, memoryBytes: sum.memoryBytes + reserved.memoryBytes}),
		{cpus: 0, memoryBytes: 0},
	);
	return nodeDetails(node, used);
}

/** What a node is beyond the model: what presses it, what keeps pods away, what it has of everything. */
export function nodeDetails(
	node: WireNode,
	used: {readonly cpus: number; readonly memoryBytes: number},
): readonly Detail[] {
	const {spec = {}, status = {}} = node;
	const {nodeInfo = {}, capacity = {}, allocatable = {}} = status;
	const names = Object.keys({...capacity, ...allocatable}).toSorted();
	const asked: Readonly<Record<string, string>> = {
		cpu: `${Math.round(used.cpus * 1000) / 1000}`,
		memory: formatBytes(used.memoryBytes),
	};
	return [
		detail('Machine', [
			['kubelet', nodeInfo.kubeletVersion],
			['container runtime', nodeInfo.containerRuntimeVersion],
			['kernel', nodeInfo.kernelVersion],
			['system', [nodeInfo.osImage, nodeInfo.operatingSystem, nodeInfo.architecture].filter(Boolean).join(' · ')],
			...(status.addresses ?? []).map(({type, address}): Rows[number] => [type, address]),
			['pod addresses', spec.podCIDR],
		]),
		detail(
			'Conditions',
			(status.conditions ?? []).map(({type, status: value, reason, message}) => [
				type,
				[value === 'True' ? 'yes' : value === 'False' ? 'no' : 'unknown', reason, message].filter(Boolean).join(' · '),
			]),
		),
		detail(
			'Taints',
			(spec.taints ?? []).map(({key, value, effect}) => [`${key}${value ? `=${value}` : ''}`, effect]),
		),
		detail(
			'Has',
			names.map(name => [
				name,
				[
					`${quantity(name, allocatable[name] ?? capacity[name])} for pods`,
					capacity[name] === undefined ? undefined : `${quantity(name, capacity[name])} in all`,
					asked[name] === undefined ? undefined : `${asked[name]} requested`,
				]
					.filter(Boolean)
					.join(' · '),
			]),
		),
	];
}

function quantity(name: string, value: string | number | undefined): string {
	const number = parseQuantity(value);
	const isBytes = name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages');
	return number === undefined ? String(value) : isBytes ? formatBytes(number) : String(number);
}

function quantities(all: Readonly<Record<string, string | number>> | undefined): string | undefined {
	const texts = Object.entries(all ?? {}).map(([name, value]) => `${name} ${value}`);
	return texts.length === 0 ? undefined : texts.join(', ');
}

function detail(title: string, rows: Rows): Detail {
	return {
		title: stripControl(title),
		rows: rows.flatMap(([label, text]) => (text ? [[stripControl(label), stripControl(text)] as const] : [])),
	};
}
