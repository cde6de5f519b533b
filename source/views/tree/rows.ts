import type {Instance, Kind, Node, Objects, Service} from '../../core/model/index.ts';
import type {Target} from '../keymap.ts';

/** What a tree is made of. Kinds that are not known (not read yet, not to be seen) are absent. */
export type TreeWorld = {
	readonly services: readonly Service[];
	readonly instances: readonly Instance[];
	readonly nodes: readonly Node[];
	readonly used: Readonly<Partial<Record<UsedKind, ReadonlyArray<Objects[UsedKind]>>>>;
};

/** Which of it is seen. */
export type TreeLook = {
	/** Whether what is below a row is shown. */
	isOpen(key: string): boolean;
	/** Only this service. */
	readonly serviceId?: string | undefined;
	/** Only services and what is below them that this keeps; of a service that is kept itself, all. */
	keeps?(object: Target): boolean;
	/** Only what this says of, and what it is below. */
	isFault?(object: Target): boolean;
};

const usedKinds = ['network', 'volume', 'config', 'secret'] as const;
export type UsedKind = (typeof usedKinds)[number];

export type TreeRow = {
	readonly key: string;
	/** The row that it is below. */
	readonly parent: string | undefined;
	readonly depth: number;
	readonly kind: Kind;
	readonly name: string;
	/** Undefined: there is none of this name, or it is not known. */
	readonly object: Target | undefined;
	/** The engine has none of this name. */
	readonly isMissing: boolean;
	/** Undefined: nothing is below it. */
	readonly isOpen: boolean | undefined;
};

type Known = {readonly instances: ReadonlyMap<string, Instance[]>; readonly nodes: ReadonlyMap<string, Node>};

/** Services, what each uses, its instances, and the node and volume that each of those has. */
export function treeRows(world: TreeWorld, look: TreeLook): readonly TreeRow[] {
	const {services, instances, nodes} = world;
	const known = {
		instances: Map.groupBy(instances, ({serviceId}) => serviceId),
		nodes: new Map(nodes.map(node => [node.id, node])),
	};
	return services
		.filter(({id}) => look.serviceId === undefined || id === look.serviceId)
		.toSorted((a, b) => (a.name < b.name ? -1 : 1))
		.flatMap(service => serviceRows(service, world, known, look));
}

function serviceRows(service: Service, world: TreeWorld, known: Known, look: TreeLook): readonly TreeRow[] {
	const {keeps = () => true, isFault = () => true} = look;
	const isKept = keeps(service);
	const all = known.instances.get(service.id) ?? [];
	const own = all.filter(instance => (isKept || keeps(instance)) && isFault(instance));
	if (own.length === 0 && !(isKept && isFault(service))) {
		return [];
	}

	const key = `service ${service.id}`;
	const isOpen = look.isOpen(key);
	const row = rowOf(key, undefined, service, isOpen);
	if (!isOpen) {
		return [row];
	}

	const uses = isKept ? usedBy(service).map(([kind, name]) => usedRow(row, kind, name, service.scope, world)) : [];
	const shown = look.isFault === undefined ? uses : uses.filter(({isMissing}) => isMissing);
	const sorted = own.toSorted((a, b) => a.slot - b.slot || (a.name < b.name ? -1 : 1) || a.createdAt - b.createdAt);
	return [row, ...shown, ...sorted.flatMap(instance => instanceRows(row, instance, service, {world, known, look}))];
}

function instanceRows(
	above: TreeRow,
	instance: Instance,
	service: Service,
	{world, known, look}: {readonly world: TreeWorld; readonly known: Known; readonly look: TreeLook},
): readonly TreeRow[] {
	const key = `instance ${instance.id}`;
	const node = known.nodes.get(instance.nodeId ?? '');
	const volumes = ownVolumes(service, instance);
	const isOpen = node === undefined && volumes.length === 0 ? undefined : look.isOpen(key);
	const row = rowOf(key, above, instance, isOpen);
	return isOpen
		? [
				row,
				...(node === undefined ? [] : [rowOf(`${key} node`, row, node)]),
				...volumes.map(name => usedRow(row, 'volume', name, service.scope, world)),
			]
		: [row];
}

/** What all instances share; volumes of one slot are below its instance. */
function usedBy({spec}: Service): ReadonlyArray<readonly [kind: UsedKind, name: string]> {
	const {networks = [], mounts = [], configs = [], secrets = []} = spec.template;
	const names: Readonly<Record<UsedKind, ReadonlyArray<string | undefined>>> = {
		network: networks.map(({network}) => network),
		volume: mounts.filter(({type, perSlot}) => type === 'volume' && !perSlot).map(({source}) => source),
		config: configs.map(({source}) => source),
		secret: secrets.map(({source}) => source),
	};
	return usedKinds.flatMap(kind =>
		[...new Set(names[kind])].flatMap(name => (name === undefined ? [] : [[kind, name] as const])),
	);
}

function ownVolumes({spec}: Service, {slot}: Instance): readonly string[] {
	return (spec.template.mounts ?? []).flatMap(({type, perSlot, source}) =>
		type === 'volume' && perSlot && source !== undefined ? [`${source}-${slot}`] : [],
	);
}

function rowOf(key: string, above: TreeRow | undefined, object: Target, isOpen?: boolean): TreeRow {
	const depth = above === undefined ? 0 : above.depth + 1;
	const {kind, name} = object;
	return {key, parent: above?.key, depth, kind, name, object, isMissing: false, isOpen};
}

function usedRow(above: TreeRow, kind: UsedKind, name: string, scope: string | undefined, {used}: TreeWorld): TreeRow {
	const all = used[kind];
	const object = all?.find(one => one.name === name && (one.scope === undefined || one.scope === scope));
	const key = `${above.key} ${kind} ${name}`;
	return {
		...{key, parent: above.key, depth: above.depth + 1, kind, name, object},
		isMissing: all !== undefined && object === undefined,
		isOpen: undefined,
	};
}
