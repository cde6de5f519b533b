import {holdsRoom} from '../instance-state.ts';
import type {Instance, Node, Resources} from '../model/index.ts';
import {addResources, fits, noResources} from '../model/resources.ts';

/** Nodes and machines on which more is reserved than they have. */
export function overfull(
	nodes: readonly Node[],
	instances: readonly Instance[],
	reserveOf: (instance: Instance) => Resources,
): string[] {
	const onNode = new Map<string, Resources>();
	for (const instance of instances) {
		if (instance.nodeId !== undefined && holdsRoom(instance.status.state)) {
			const reserved = onNode.get(instance.nodeId) ?? noResources;
			onNode.set(instance.nodeId, addResources(reserved, reserveOf(instance)));
		}
	}

	const onMachine = new Map<string, {reserved: Resources; capacity: Resources}>();
	for (const {id, machine} of nodes) {
		if (machine !== undefined) {
			const {reserved} = onMachine.get(machine.name) ?? {reserved: noResources};
			const sum = addResources(reserved, onNode.get(id) ?? noResources);
			onMachine.set(machine.name, {reserved: sum, capacity: machine.capacity});
		}
	}

	return [
		...nodes.flatMap(({id, name, capacity}) => exceeded(name, onNode.get(id) ?? noResources, capacity)),
		...[...onMachine].flatMap(([name, {reserved, capacity}]) => exceeded(name, reserved, capacity)),
	];
}

function exceeded(name: string, reserved: Resources, capacity: Resources): string[] {
	const text = ({cpus, memoryBytes}: Resources) => `${cpus} CPUs and ${memoryBytes} bytes`;
	return fits(reserved, capacity) ? [] : [`on ${name} ${text(reserved)} are reserved of ${text(capacity)}`];
}
