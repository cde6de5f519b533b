import type {ClusterEvent, Instance, Meta, Node, Service} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';

// Whole plain objects; a test states only what it is about.

function meta(name: string): Meta {
	return {id: `${name}-id`, name, revision: '', createdAt: 0, updatedAt: 0};
}

export function aService(name: string, parts: Partial<Service> = {}): Service {
	return {
		...meta(name),
		kind: 'service',
		spec: serviceSpec({template: {image: 'nodejs'}}),
		version: 1,
		removing: false,
		status: {desired: 1, running: 0, healthy: 0, completed: 0, ports: []},
		...parts,
	};
}

export function aNode(name: string, parts: Partial<Node> = {}): Node {
	return {
		...meta(name),
		kind: 'node',
		spec: {availability: 'active', labels: {}, capacity: {}},
		status: {state: 'ready', at: 0, fencing: false},
		availability: 'active',
		generation: 1,
		capacity: {cpus: 4, memoryBytes: 8_589_934_592},
		reserved: {cpus: 0, memoryBytes: 0},
		instances: 0,
		removing: false,
		...parts,
	};
}

/** `web.3`: of the service `web`, in slot 3, pending. */
export function anInstance(name: string, parts: Partial<Instance> = {}): Instance {
	const [serviceName = '', slot] = name.split('.');
	return {
		...meta(name),
		kind: 'instance',
		serviceId: `${serviceName}-id`,
		serviceName,
		slot: Number(slot),
		version: 1,
		desired: 'running',
		restarts: 0,
		attempts: 0,
		quickFailures: 0,
		status: {state: 'pending', at: 0, health: 'none', endpoints: []},
		...parts,
	};
}

export function anEvent(id: string, parts: Partial<ClusterEvent> = {}): ClusterEvent {
	return {
		...meta('Started'),
		id,
		kind: 'event',
		tone: 'normal',
		about: {kind: 'service', id: 'web-id', name: 'web'},
		message: 'happened',
		...parts,
	};
}
