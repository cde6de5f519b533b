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

/** Where the machine is to be found from within a network, by its table of routes in /proc; undefined: nowhere. */
export function gatewayOf(routes: string): string | undefined {
	const [, hex = ''] = /^\S+\s+00000000\s+([0-9A-F]{8})\s/m.exec(routes) ?? [];
	const bytes = Buffer.from(hex, 'hex');
	return bytes.some(byte => byte > 0) ? bytes.toReversed().join('.') : undefined;
}

/**
 * For iptables-restore within the container's network: nobody listens at the addresses themselves, since the container's own
 * programs take their ports at all addresses. `isFirst`: nothing leads to the rules yet; later ones replace earlier ones.
 * From outside only the machine may come in, which its published ports lead through: not who is on the same bridge of Docker's.
 */
export function rulesOf(
	nameServer: string,
	doors: readonly OpenDoor[],
	namesWithin: number,
	{isFirst, gateway}: {readonly isFirst: boolean; readonly gateway?: string | undefined},
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
		...(isFirst && gateway !== undefined
			? ['*filter', `-A INPUT ! -i lo ! -s ${gateway} -m conntrack --ctstate NEW -j DROP`, 'COMMIT']
			: []),
		'',
	].join('\n');
}
