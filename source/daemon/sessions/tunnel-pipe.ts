import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {acceptUpgrade} from '../../backends/local/upgrade.ts';
import {ClusterError} from '../../core/error.ts';
import type {Endpoint, Instance} from '../../core/model/index.ts';
import {join} from './session-pipe.ts';

const connectTimeoutMs = 5000;

/** Joins a client's connection to a port of an instance. */
export async function openTunnel(client: Socket, head: Uint8Array, instance: Instance, port: number): Promise<void> {
	const {host, port: here} = endpointOf(instance, port);
	const target = connect({host, port: here, allowHalfOpen: true});
	target.setTimeout(connectTimeoutMs, () => target.destroy(new Error('it does not answer')));
	try {
		await once(target, 'connect');
	} catch (cause) {
		target.destroy();
		throw notListening(instance, port, cause as Error);
	}

	target.setTimeout(0);
	acceptUpgrade(client, 'muster-tunnel');
	target.write(head);
	join(client, target);
}

/** By the number that its service has for it, or by the number that it has on this machine. */
function endpointOf({name, status}: Instance, port: number): Endpoint {
	const {endpoints} = status;
	const found = endpoints.find(({target}) => target === port) ?? endpoints.find(one => one.port === port);
	if (found === undefined) {
		const targets = endpoints.map(({target}) => target).join(', ');
		throw new ClusterError('not-found', `${name} has no port ${port}: ${targets === '' ? 'none' : targets} is allowed`);
	}

	return found;
}

function notListening({name}: Instance, port: number, cause: Error): ClusterError {
	const {code} = cause as NodeJS.ErrnoException;
	const why = code === 'ECONNREFUSED' ? 'nothing listens there' : cause.message;
	return new ClusterError('unreachable', `port ${port} of ${name} cannot be reached: ${why}`, {cause});
}
