import type {RoutingTable} from '../../../../orchestrator/balancer.ts';

/** Where a container can reach a service that shares a network with it. */
export type Door = {readonly host: string; readonly port: number};

/** A door, and the port on the container's own loopback at which it is listened for. */
export type OpenDoor = Door & {readonly within: number};

const maxDoors = 1000;
const chain = 'MUSTER';

/** The addresses of all services on these networks. */
export function doorsOf({routes, names: tables = []}: RoutingTable, networks: readonly string[]): readonly Door[] {
	const shared = tables.filter(({network}) => networks.includes(network));
	const addresses = new Set(shared.flatMap(({names}) => Object.values(names)));
	const doors = routes.filter(({host}) => addresses.has(host)).map(({host, published: port}) => ({host, port}));
	return [...new Map(doors.map(door => [doorKey(door), door])).values()].slice(0, maxDoors);
}

export function doorKey({host, port}: Door): string {
	return `${host}:${port}`;
}

/**
 * For iptables-restore within the container's network: nobody listens at the addresses themselves, since the container's own
 * programs take their ports at all addresses. `isFirst`: nothing leads to the rules yet; later ones replace earlier ones.
 */
export function rulesOf(
	nameServer: string,
	doors: readonly OpenDoor[],
	namesWithin: number,
	{isFirst}: {readonly isFirst: boolean},
): string {
	const [first, second] = nameServer.split('.');
	return [
		'*nat',
		`:${chain} - [0:0]`,
		`-A ${chain} -d ${nameServer} -p udp --dport 53 -j REDIRECT --to-ports ${namesWithin}`,
		...doors.map(
			({host, port, within}) => `-A ${chain} -d ${host} -p tcp --dport ${port} -j REDIRECT --to-ports ${within}`,
		),
		...(isFirst ? [`-A OUTPUT -d ${first}.${second}.0.0/16 -j ${chain}`] : []),
		'COMMIT',
		'',
	].join('\n');
}
