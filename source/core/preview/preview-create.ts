import type {Instant, Service, ServiceSpec} from '../model/index.ts';
import {forecast} from './forecast.ts';
import type {Preview} from './preview.ts';
import {startPreview} from './preview-scale.ts';
import {type ClusterWorld, withService} from './world.ts';

/** Where the instances of a new service would go: `100 new (n1 +34, n2 +33, n3 +33), nothing stops`. */
export function previewCreate(world: ClusterWorld, name: string, asked: ServiceSpec): Preview {
	// A run on each node goes where an instance of a global service would.
	const spec: ServiceSpec = asked.perNode ? {...asked, mode: 'global'} : asked;
	const service = newService(world.now, name, spec);
	const seen = forecast(withService(world, service), [service.id]);
	if (spec.mode === 'global' && seen.created.length === 0) {
		return {summary: 'nothing new: no node takes it at present', rows: []};
	}

	const later = spec.mode === 'job' ? spec.replicas - seen.created.length : 0;
	return startPreview(service, seen.created, seen, later);
}

function newService(now: Instant, name: string, spec: ServiceSpec): Service {
	return {
		kind: 'service',
		id: `new ${name}`,
		name,
		revision: '',
		createdAt: now,
		updatedAt: now,
		spec,
		version: 1,
		removing: false,
		status: {desired: spec.replicas, running: 0, healthy: 0, completed: 0, ports: []},
	};
}
