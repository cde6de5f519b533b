import type {Instance, Kind, Objects} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {aNode, anInstance, aService} from './objects.ts';

const minute = 60_000;

/** Ten services of so many instances together on four nodes, all running; every tenth is unhealthy. */
export function crowd(now: number, count: number): ReadonlyArray<Objects[Kind]> {
	const nodes = ['n1', 'n2', 'n3', 'n4'].map(name => aNode(name, {createdAt: now - 90 * minute, instances: count / 4}));
	const services = Array.from({length: 10}, (_, index) => {
		const replicas = Math.ceil(count / 10);
		return aService(`s${index}`, {
			createdAt: now - (10 + index) * minute,
			spec: serviceSpec({replicas, template: {image: 'nodejs'}, labels: {tier: index < 5 ? 'front' : 'back'}}),
			status: {desired: replicas, running: replicas, healthy: replicas, completed: 0, ports: []},
		});
	});
	const instances = Array.from({length: count}, (_, index): Instance => {
		const node = nodes[index % nodes.length];
		return anInstance(`s${index % 10}.${Math.floor(index / 10) + 1}`, {
			createdAt: now - 5 * minute,
			...(node === undefined ? {} : {nodeId: node.id, nodeName: node.name}),
			usage: {cpus: (index % 17) / 10, memoryBytes: (1 + (index % 13)) * 2 ** 20, at: now},
			status: {
				state: 'running',
				at: now,
				health: index % 10 === 9 ? 'unhealthy' : 'healthy',
				endpoints: [],
				startedAt: now - 5 * minute,
			},
		});
	});
	return [...nodes, ...services, ...instances];
}
