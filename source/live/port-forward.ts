import type {Backend, Tunnel} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {ClusterError, toClusterError} from '../core/error.ts';
import {isFinal} from '../core/instance-state.ts';
import type {Instance} from '../core/model/index.ts';
import {LiveCollection} from './live-collection.ts';

/** Opens a port of this machine (0: any free one) and calls with each connection to it. */
export type Listen = (
	address: string,
	port: number,
	accept: (connection: Tunnel) => void,
) => Promise<{readonly port: number; close(): void}>;

export type ForwardedPort = {
	/** Of this machine; 0: any that is free. */
	readonly local: number;
	readonly remote: number;
};

export type ForwardOptions = {
	readonly backend: Backend;
	readonly clock: Clock;
	readonly listen: Listen;
	readonly address: string;
	readonly ports: readonly ForwardedPort[];
	/** One instance, by its name: also one that comes in its place. Or whichever of a service's runs. */
	readonly to: {readonly serviceId: string; readonly serviceName: string; readonly instanceName?: string};
	/** Called when something is to be told: another instance, a connection that failed. */
	readonly tell: (text: string) => void;
	/** Called when anything of it has changed. */
	readonly changed?: () => void;
};

export type PortForward = {
	/** With the ports that were found free. */
	readonly ports: readonly ForwardedPort[];
	readonly address: string;
	/** The instance that the last connection went to. */
	readonly instanceName: string | undefined;
	/** Open now, and since the start. */
	readonly open: number;
	readonly total: number;
	/** Why it ended by itself; it does not while it is of use. */
	readonly ended: Promise<ClusterError>;
	close(): void;
};

/** So long a place in a service is waited for to be filled again. */
const goneMs = 15_000;

/** Leads ports of this machine to an instance, whichever that is at the time of each connection. */
export async function openPortForward(options: ForwardOptions): Promise<PortForward> {
	const {backend, clock, listen, address, to, tell, changed = () => {}} = options;
	const instances = new LiveCollection({
		backend,
		clock,
		query: {kind: 'instance', serviceId: to.serviceId, history: true},
	});
	const ended = Promise.withResolvers<ClusterError>();
	const listeners: Array<{readonly port: number; close(): void}> = [];
	const open = new Set<Tunnel>();
	let present: Instance | undefined;
	let total = 0;
	let cancelGone = () => {};
	let isClosed = false;

	function close(): void {
		isClosed = true;
		cancelGone();
		instances.close();
		for (const one of [...listeners, ...open]) {
			one.close();
		}

		changed();
	}

	/** The one that the last connection went to, as long as it runs. */
	function choose(without: ReadonlySet<string>): Instance | undefined {
		const running = candidates(instances.items, to.instanceName).filter(({id}) => !without.has(id));
		return running.find(({id}) => id === present?.id) ?? running[0];
	}

	function look(): void {
		const {state} = instances.state;
		const named = instances.items.filter(({name}) => to.instanceName === undefined || name === to.instanceName);
		const isGone = state === 'live' && !named.some(({status}) => !isFinal(status.state));
		cancelGone();
		cancelGone = isGone ? clock.after(goneMs, () => end(named[0])) : () => {};
	}

	function end(last: Instance | undefined): void {
		const what = to.instanceName ?? to.serviceName;
		const why = last === undefined ? 'is gone' : `has ended: ${last.status.reason ?? last.status.state}`;
		close();
		ended.resolve(new ClusterError('not-found', `${what} ${why}`));
	}

	async function accept(connection: Tunnel, remote: number): Promise<void> {
		total++;
		open.add(connection);
		changed();
		try {
			const tunnel = await reach(remote);
			open.add(tunnel);
			try {
				await join(connection, tunnel);
			} finally {
				open.delete(tunnel);
			}
		} catch (thrown) {
			if (!isClosed) {
				tell(toClusterError(thrown).message);
			}
		} finally {
			connection.close();
			open.delete(connection);
			changed();
		}
	}

	/** One of a service that does not answer is passed over once. */
	async function reach(remote: number): Promise<Tunnel> {
		const refused = new Set<string>();
		let failure: ClusterError | undefined;
		for (let tries = 0; tries < 2; tries++) {
			const instance = choose(refused);
			if (instance === undefined) {
				break;
			}

			try {
				const tunnel = await connectTo(instance, remote);
				if (present !== undefined && present.id !== instance.id) {
					tell(`connections go to ${instance.name} now${present.name === instance.name ? ', started anew' : ''}`);
				}

				present = instance;
				return tunnel;
			} catch (thrown) {
				failure = toClusterError(thrown);
				refused.add(instance.id);
			}
		}

		const what = to.instanceName ?? `an instance of ${to.serviceName}`;
		throw failure ?? new ClusterError('unreachable', `${what} does not run now: the connection was ended`);
	}

	function connectTo({id, name, scope}: Instance, remote: number): Promise<Tunnel> {
		const {connect} = backend.facets;
		if (connect === undefined) {
			throw new ClusterError('unsupported', `${backend.engine} cannot lead ports to instances`);
		}

		const ref = {kind: 'instance', id, name, ...(scope === undefined ? {} : {scope})} as const;
		return connect.call(backend.facets, ref, remote);
	}

	/** Whoever connects at once is to find what runs. */
	const known = new Promise<void>(resolve => {
		const end = instances.subscribe(() => {
			if (instances.state.state !== 'loading') {
				end();
				resolve();
			}
		});
	});
	try {
		await known;
		if (instances.state.state === 'lost') {
			throw instances.state.error;
		}

		for (const {local, remote} of options.ports) {
			listeners.push(await listen(address, local, connection => void accept(connection, remote)));
		}
	} catch (error) {
		close();
		throw error;
	}

	instances.subscribe(look);
	return {
		ports: options.ports.map(({remote}, index) => ({remote, local: listeners[index]?.port ?? 0})),
		address,
		get instanceName() {
			return present?.name ?? candidates(instances.items, to.instanceName)[0]?.name;
		},
		get open() {
			return Math.ceil(open.size / 2);
		},
		get total() {
			return total;
		},
		ended: ended.promise,
		close,
	};
}

/** Those that run, the healthy first, then the lowest slot. */
function candidates(items: readonly Instance[], name: string | undefined): readonly Instance[] {
	const ill = ({status}: Instance) => Number(status.health === 'unhealthy' || status.health === 'starting');
	return items
		.filter(one => (name === undefined || one.name === name) && one.status.state === 'running')
		.toSorted(
			(a, b) =>
				Number(a.desired !== 'running') - Number(b.desired !== 'running') ||
				ill(a) - ill(b) ||
				a.slot - b.slot ||
				b.createdAt - a.createdAt,
		);
}

/** Until both sides have ended what they write, or one of them has broken. */
async function join(one: Tunnel, other: Tunnel): Promise<void> {
	try {
		await Promise.all([pump(one, other), pump(other, one)]);
	} finally {
		one.close();
		other.close();
	}
}

async function pump(from: Tunnel, to: Tunnel): Promise<void> {
	for await (const data of from.output) {
		to.write(data);
		await to.drained();
	}

	to.end();
}
