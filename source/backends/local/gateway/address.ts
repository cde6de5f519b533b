import type {RouteTarget} from '../../../orchestrator/balancer.ts';

/** What may be reached by its port or its unix socket. */
export type Reachable = Pick<RouteTarget, 'host' | 'port' | 'socket'> & {
	/** The socket took no connection: until then (monotonic) it is reached by its port. */
	socketAvoidedUntilMs: number;
};

/** Where net.connect finds it. A unix socket costs both sides a third less than TCP on loopback. */
export type Address = {readonly path: string} | {readonly host: string; readonly port: number};

/** Where it is to be reached now. */
export function addressOf({host, port, socket, socketAvoidedUntilMs}: Reachable): Address {
	return socket === undefined || socketAvoidedUntilMs > performance.now() ? {host, port} : {path: socket};
}
