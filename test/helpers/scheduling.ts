import type {Instance} from '../../source/core/model/index.ts';
import {noResources} from '../../source/core/model/resources.ts';
import {type ClusterView, clusterView} from '../../source/core/schedule/cluster-view.ts';
import {type PendingInstance, pendingInstance} from '../../source/core/schedule/demand.ts';
import type {ClusterText} from './cluster-text.ts';

/** The view of a cluster; each instance reserves what its service now asks. */
export function viewOf({now, nodes, instances, services}: Omit<ClusterText, 'images'>): ClusterView {
	const reserves = new Map(services.map(({id, spec}) => [id, spec.template.reserve]));
	return clusterView({now, nodes, instances, reserveOf: ({serviceId}) => reserves.get(serviceId) ?? noResources});
}

export function isPending({status, desired}: Instance): boolean {
	return status.state === 'pending' && desired === 'running';
}

export function pendingOf({instances, services}: Pick<ClusterText, 'instances' | 'services'>): PendingInstance[] {
	const specs = new Map(services.map(({id, spec}) => [id, spec]));
	return instances.filter(isPending).flatMap(instance => {
		const spec = specs.get(instance.serviceId);
		return spec === undefined ? [] : [pendingInstance(instance, spec)];
	});
}
