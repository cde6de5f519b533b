import {readdirSync, statSync} from 'node:fs';
import type {ServiceTraffic} from '../../backends/local/protocol.ts';
import type {Clock} from '../../core/clock.ts';
import {type Family, type Histogram, type Sample, toExposition} from '../../core/exposition.ts';
import type {Instance, Node, Service} from '../../core/model/index.ts';
import type {Store, StoredKind} from '../../orchestrator/store/store.ts';
import {componentHealth, type HealthParts} from './health.ts';
import type {UsageBoard} from './usage.ts';

export type MetricsParts = HealthParts & {
	readonly version: string;
	readonly clock: Clock;
	readonly store: Store;
	readonly usage: UsageBoard;
};

/** The steps of `ServiceTraffic.histogram`, in seconds: they are the gateway's (gateway/traffic-window.ts). */
const histogramSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const countedKinds: readonly StoredKind[] = [
	'service',
	'instance',
	'node',
	'network',
	'volume',
	'config',
	'secret',
	'event',
	'spec-version',
	'file-version',
];

/** Everything that is measured, as Prometheus reads it. */
export function metricsText(parts: MetricsParts): string {
	const {store} = parts;
	const byName = <T extends {readonly name: string}>(all: Iterable<T>) =>
		[...all].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
	const services = byName(store.all('service'));
	const instances = byName(store.all('instance'));
	return toExposition([
		...daemonFamilies(parts),
		...nodeFamilies(parts, byName(store.all('node'))),
		...serviceFamilies(services, instances),
		...trafficFamilies(parts, services),
		...instanceFamilies(parts, services, instances),
	]);
}

function family(type: 'counter' | 'gauge', name: string, help: string, samples: readonly Sample[]): Family {
	return {type, name: `muster_${name}`, help, samples};
}

function daemonFamilies(parts: MetricsParts): Family[] {
	const {home, store, version, startedAt, lateness} = parts;
	const {user, system} = process.cpuUsage();
	const one = (value: number | undefined) => [{value}];
	const storeBytes = [home.store, `${home.store}-wal`]
		.map(file => statSync(file, {throwIfNoEntry: false})?.size ?? 0)
		.reduce((sum, size) => sum + size, 0);
	return [
		family('gauge', 'info', 'Which muster this is; always 1.', [{labels: {version}, value: 1}]),
		family('gauge', 'daemon_start_time_seconds', 'When the daemon started, since 1970.', one(startedAt / 1000)),
		family('counter', 'daemon_cpu_seconds_total', 'CPU time of the daemon.', one((user + system) / 1e6)),
		family('gauge', 'daemon_resident_memory_bytes', 'Memory of the daemon.', one(process.memoryUsage.rss())),
		family('gauge', 'daemon_open_fds', 'File descriptors that the daemon has open.', one(openFiles())),
		family(
			'gauge',
			'daemon_late_seconds',
			'How late the daemon was at the worst, within the last minute.',
			one(lateness.worstMs / 1000),
		),
		family('gauge', 'store_bytes', 'Size of the store and its log on the disk.', one(storeBytes)),
		family('gauge', 'store_revision', 'The last change of the store.', one(store.revision)),
		family(
			'gauge',
			'store_objects',
			'Objects in the store.',
			countedKinds.map(kind => ({labels: {kind}, value: store.count(kind)})),
		),
		family(
			'gauge',
			'component_up',
			'Parts of the control plane: 1 is well, 0.5 a warning, 0 failed.',
			componentHealth(parts).map(({name, state}) => ({
				labels: {component: name},
				value: {ok: 1, warning: 0.5, unknown: 0.5, failed: 0}[state],
			})),
		),
	];
}

function openFiles(): number | undefined {
	try {
		return readdirSync('/proc/self/fd').length;
	} catch {
		return undefined;
	}
}

function nodeFamilies({usage}: MetricsParts, nodes: readonly Node[]): Family[] {
	const each = (name: string, help: string, value: (node: Node) => number | undefined) =>
		family(
			'gauge',
			`node_${name}`,
			help,
			nodes.map(node => ({labels: {node: node.name}, value: value(node)})),
		);
	return [
		family(
			'gauge',
			'node_state',
			'The state that a node is in has 1.',
			nodes.flatMap(node =>
				(['ready', 'down', 'unknown'] as const).map(state => ({
					labels: {node: node.name, state},
					value: node.status.state === state ? 1 : 0,
				})),
			),
		),
		family(
			'gauge',
			'node_availability',
			'Whether a node takes work: the one that holds has 1.',
			nodes.flatMap(node =>
				(['active', 'cordoned', 'draining', 'drained'] as const).map(availability => ({
					labels: {node: node.name, availability},
					value: node.availability === availability ? 1 : 0,
				})),
			),
		),
		each('instances', 'Living instances on a node.', node => node.instances),
		each('capacity_cpus', 'What a node offers, in cores.', node => node.capacity.cpus),
		each('capacity_memory_bytes', 'What a node offers.', node => node.capacity.memoryBytes),
		each('reserved_cpus', 'What its instances reserve, in cores.', node => node.reserved.cpus),
		each('reserved_memory_bytes', 'What its instances reserve.', node => node.reserved.memoryBytes),
		each('used_cpus', 'What its instances use, in cores.', ({id}) => usage.get(id)?.cpus),
		each('used_memory_bytes', 'What its instances use.', ({id}) => usage.get(id)?.memoryBytes),
	];
}

function serviceFamilies(services: readonly Service[], instances: readonly Instance[]): Family[] {
	const each = (name: string, help: string, value: (service: Service) => number) =>
		family(
			'gauge',
			`service_instances_${name}`,
			help,
			services.map(service => ({labels: {service: service.name}, value: value(service)})),
		);
	return [
		each('desired', 'How many instances should run.', ({status}) => status.desired),
		each('running', 'How many instances run.', ({status}) => status.running),
		each('healthy', 'How many instances run and are not known to be ill.', ({status}) => status.healthy),
		family('gauge', 'instances', 'Instances by service and state, kept history too.', byState(services, instances)),
	];
}

function byState(services: readonly Service[], instances: readonly Instance[]): Sample[] {
	return services.flatMap(({id, name}) => {
		const own = instances.filter(({serviceId}) => serviceId === id);
		return Object.entries(Object.groupBy(own, ({status}) => status.state)).map(([state, found]) => ({
			labels: {service: name, state},
			value: found.length,
		}));
	});
}

function trafficFamilies({gateway}: MetricsParts, services: readonly Service[]): Family[] {
	const told = services.flatMap(({id, name}) => {
		const traffic = gateway.traffic.services[id];
		return traffic ? [{labels: {service: name}, traffic}] : [];
	});
	const each = (
		type: 'counter' | 'gauge',
		name: string,
		help: string,
		value: (t: ServiceTraffic) => number | undefined,
	) =>
		family(
			type,
			`service_${name}`,
			help,
			told.map(({labels, traffic}) => ({labels, value: value(traffic)})),
		);
	return [
		each('gauge', 'connections', 'Open connections through the gateway.', ({connections}) => connections),
		each('counter', 'connections_total', 'Connections since the start of the gateway.', ({opened}) => opened),
		each('counter', 'requests_total', 'HTTP requests since the start of the gateway.', ({requests}) => requests),
		each('counter', 'errors_total', 'HTTP requests answered with 500 and above, or not in full.', ({errors}) => errors),
		{
			type: 'histogram',
			name: 'muster_service_request_duration_seconds',
			help: 'How long answers took, as the gateway saw it.',
			samples: told.flatMap(({labels, traffic}) => histogramOf(labels, traffic)),
		},
	];
}

function histogramOf(labels: Histogram['labels'], traffic: ServiceTraffic): Histogram[] {
	const {histogram, requests = 0, seconds = 0} = traffic;
	return histogram === undefined
		? []
		: [
				{
					...(labels && {labels}),
					buckets: histogramSeconds.map((le, index) => ({le, count: histogram[index] ?? 0})),
					sum: seconds,
					count: requests,
				},
			];
}

function instanceFamilies(parts: MetricsParts, services: readonly Service[], instances: readonly Instance[]): Family[] {
	const {usage, gateway} = parts;
	const names = new Map(services.map(({id, name}) => [id, name]));
	const living = instances.filter(({status}) => status.state === 'running');
	const each = (type: 'counter' | 'gauge', name: string, help: string, value: (id: string) => number | undefined) =>
		family(
			type,
			`instance_${name}`,
			help,
			living.map(({id, name: instance, serviceId, nodeName = ''}) => ({
				labels: {service: names.get(serviceId) ?? '', instance, id, node: nodeName},
				value: value(id),
			})),
		);
	const traffic = (id: string) => gateway.traffic.instances[id];
	return [
		each('gauge', 'cpus', 'CPU in use, in cores.', id => usage.get(id)?.cpus),
		each('gauge', 'memory_bytes', 'Memory in use.', id => usage.get(id)?.memoryBytes),
		each('gauge', 'connections', 'Open connections through the gateway.', id => traffic(id)?.connections),
		each('counter', 'requests_total', 'HTTP requests, as long as the gateway knows it.', id => traffic(id)?.requests),
		each(
			'counter',
			'errors_total',
			'HTTP requests answered with 500 and above, or not in full.',
			id => traffic(id)?.errors,
		),
		each('gauge', 'latency_p99_seconds', 'All but a hundredth were answered within this time.', id => {
			const ms = traffic(id)?.latencyP99Ms;
			return ms === undefined ? undefined : ms / 1000;
		}),
	];
}
