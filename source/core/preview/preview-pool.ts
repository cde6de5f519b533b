import type {Node, Pool, PoolSpec} from '../model/index.ts';
import {decidePool} from '../pool/pool.ts';
import {serviceSpec} from '../spec/service-spec.ts';
import {plural} from './places.ts';
import type {Preview, PreviewRow} from './preview.ts';
import {type ClusterWorld, reserveAsAsked} from './world.ts';

/** What a pool of this spec would do now; `known`: it is there. */
export function previewPool(
	world: ClusterWorld,
	name: string,
	spec: PoolSpec,
	known?: Pick<Pool, 'status' | 'removing'>,
): Preview {
	const {nodes, instances, services, now} = world;
	const machine = nodes.find(node => node.machine !== undefined)?.machine;
	if (machine === undefined) {
		return {summary: `${spec.min} to ${plural(spec.max, 'node')}`, rows: []};
	}

	const specs = new Map(services.map(service => [service.id, service.spec]));
	const decision = decidePool({
		pool: {name, spec, removing: known?.removing ?? false, status: {...(known?.status ?? {})}},
		nodes,
		instances,
		specOf: ({serviceId}) => specs.get(serviceId) ?? serviceSpec({}),
		reserveOf: reserveAsAsked(world),
		machine,
		idleSince: new Map(),
		now,
	});
	const row = (change: string) => (node: string | undefined) => ({name: node ?? '?', change});
	const named = (ids: readonly string[]) => ids.map(id => nodes.find(node => node.id === id)?.name);
	const rows: PreviewRow[] = [
		...decision.add.map(row('is added')),
		...named(decision.keep).map(row('stays after all')),
		...named(decision.drain).map(id => drainRow(nodes, id)),
	];
	return {summary: `${spec.min} to ${plural(spec.max, 'node')}: ${decision.reason}`, rows};
}

function drainRow(nodes: readonly Node[], name: string | undefined): PreviewRow {
	const {instances = 0} = nodes.find(node => node.name === name) ?? {};
	const first =
		instances === 0 ? '' : `, once its ${plural(instances, 'instance')} run${instances === 1 ? 's' : ''} elsewhere`;
	return {name: name ?? '?', change: `is drained and removed${first}`};
}
