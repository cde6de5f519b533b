import type {Instance, Kind, Node, Objects, Service} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {aNode, anEvent, anInstance, aService} from './objects.ts';

const minute = 60_000;
const gigabyte = 2 ** 30;

/** Three nodes and four services as in the design: one well, one that scales, one that rolls, one that cannot start. */
export function smallCluster(now: number): ReadonlyArray<Objects[Kind]> {
	const nodes = ['n1', 'n2', 'n3'].map((name, index) =>
		aNode(name, {
			createdAt: now - 60 * minute,
			status: {state: 'ready', at: now - 59 * minute, fencing: false},
			capacity: {cpus: 8, memoryBytes: 16 * gigabyte},
			reserved: {cpus: 2 + index, memoryBytes: (1 + index) * gigabyte},
			usage: {cpus: 1.5 + index, memoryBytes: (2 + index) * gigabyte, at: now},
			instances: 10,
		}),
	);
	const web = service('web', now - 4 * minute, 12, {running: 11, healthy: 10});
	const api = service('api', now - 125 * minute, 4, {running: 4, healthy: 4});
	const worker: Service = {
		...service('worker', now - 50 * 60 * minute, 8, {running: 8, healthy: 7}),
		rollout: {state: 'updating', isRollback: false, startedAt: now - minute, updated: 5, total: 8, failed: 0},
	};
	const batch: Service = {
		...service('batch', now - minute, 3, {running: 0, healthy: 0}),
		status: {desired: 3, running: 0, healthy: 0, completed: 0, ports: [], message: 'no node has 4 CPUs free'},
	};
	const published = {published: 8080, target: 80, protocol: 'tcp'} as const;
	const webPublished: Service = {...web, status: {...web.status, ports: [published]}};
	return [
		...nodes,
		webPublished,
		api,
		worker,
		batch,
		...instancesOf(webPublished, nodes, now, 12),
		...instancesOf(api, nodes, now, 4),
		...instancesOf(worker, nodes, now, 8),
		...[1, 2, 3].map(slot =>
			anInstance(`batch.${slot}`, {
				createdAt: now - minute,
				status: {state: 'pending', at: now - minute, health: 'none', endpoints: [], reason: 'no node has 4 CPUs free'},
			}),
		),
		anEvent('e1', {name: 'Created', createdAt: now - 4 * minute, message: 'was created with 12 replicas'}),
		anEvent('e2', {
			name: 'Pending',
			createdAt: now - minute,
			tone: 'warning',
			about: {kind: 'service', id: 'batch-id', name: 'batch'},
			message: 'no node has 4 CPUs free: n1 has 1.5, n2 0.5, n3 0',
		}),
	];
}

function service(
	name: string,
	createdAt: number,
	replicas: number,
	status: {readonly running: number; readonly healthy: number},
): Service {
	return aService(name, {
		createdAt,
		spec: serviceSpec({replicas, template: {image: name === 'batch' ? 'jobs' : 'nodejs'}}),
		status: {desired: replicas, completed: 0, ports: [], ...status},
	});
}

function instancesOf(
	{name, createdAt, status}: Service,
	nodes: readonly Node[],
	now: number,
	count: number,
): Instance[] {
	return Array.from({length: count}, (_, index) => {
		const node = nodes[index % nodes.length] as Node;
		const isHealthy = index < status.healthy;
		const isRunning = index < status.running;
		return anInstance(`${name}.${index + 1}`, {
			createdAt,
			nodeId: node.id,
			nodeName: node.name,
			...(isRunning ? {usage: {cpus: 0.05 + 0.01 * index, memoryBytes: 50_000_000, at: now}} : {}),
			status: {
				state: isRunning ? 'running' : 'starting',
				at: createdAt + 1000,
				health: isHealthy ? 'healthy' : isRunning ? 'unhealthy' : 'none',
				...(isHealthy || !isRunning ? {} : {healthMessage: 'GET /health answered 503'}),
				...(isRunning ? {startedAt: createdAt + 1000, pid: 4000 + index} : {}),
				endpoints: isRunning ? [{target: 80, host: '127.0.0.1', port: 20_000 + index}] : [],
			},
		});
	});
}
