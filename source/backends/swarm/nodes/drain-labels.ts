import type {RawNodeSpec, RawServiceSpec} from '../api-types.ts';

/** On a node: it is drained, start first. On a service: which nodes it leaves, and in which order it is updated otherwise. */
export const drainLabel = 'muster.drain';

export type ServiceDrain = {readonly nodes: readonly string[]; readonly order: string};

export function drainOf({Labels = {}}: RawNodeSpec): 'start-first' | undefined {
	return Labels[drainLabel] === 'start-first' ? 'start-first' : undefined;
}

export function serviceDrainOf({Labels = {}}: Pick<RawServiceSpec, 'Labels'>): ServiceDrain | undefined {
	try {
		const {nodes, order} = JSON.parse(Labels[drainLabel] ?? 'null') as Partial<ServiceDrain>;
		return Array.isArray(nodes) && typeof order === 'string' ? {nodes: nodes.map(String), order} : undefined;
	} catch {
		return undefined;
	}
}
