import {connect, type Socket} from 'node:net';
import {ClusterError} from '../../../../core/error.ts';
import type {AttachQuery} from '../../protocol.ts';
import {encodeFrame} from '../../session-frames.ts';
import type {AgentInstance} from '../instance/instance.ts';
import {needsHolder} from '../launch/launch-plan.ts';

/** What holds the terminal may be starting still. */
const patienceMs = 3000;
const retryMs = 50;

/**
 * Joins a client to what holds an instance's terminal or pipes. `accepted` is called when that is reached, before anything
 * of it is sent. Throws a ClusterError when there is nothing to attach to.
 */
export async function openAttach(
	instance: AgentInstance,
	{size}: AttachQuery,
	{socket, head}: {readonly socket: Socket; readonly head: Uint8Array},
	accepted: () => void,
): Promise<void> {
	const {assignment, paths, status} = instance;
	if (!needsHolder(assignment)) {
		throw new ClusterError('unsupported', `${assignment.instanceName} has neither a terminal nor an open input`, {
			hint: 'Follow its logs, or create the service with -i or -t.',
		});
	}

	if (!instance.run) {
		throw new ClusterError('conflict', `${assignment.instanceName} does not run: it is ${status.state}`);
	}

	const holder = await reach(instance, paths.attachSocket);
	if (socket.destroyed) {
		holder.destroy();
		return;
	}

	accepted();
	if (size) {
		holder.write(encodeFrame({type: 'resize', ...size}));
	}

	holder.write(head);
	for (const [from, to] of [
		[holder, socket],
		[socket, holder],
	] as const) {
		from.pipe(to);
		from.on('error', () => to.destroy());
		from.once('close', () => to.end());
	}
}

async function reach(instance: AgentInstance, socketPath: string): Promise<Socket> {
	const deadlineMs = performance.now() + patienceMs;
	for (;;) {
		try {
			return await connected(socketPath);
		} catch (error) {
			if (performance.now() > deadlineMs || !instance.run) {
				throw notReached(instance.assignment.instanceName, error);
			}
		}

		await new Promise(resolve => setTimeout(resolve, retryMs));
	}
}

function notReached(name: string, cause: unknown): ClusterError {
	return new ClusterError('unreachable', `the terminal of ${name} cannot be reached`, {cause});
}

function connected(socketPath: string): Promise<Socket> {
	const {promise, resolve, reject} = Promise.withResolvers<Socket>();
	const socket = connect(socketPath);
	socket.once('error', reject);
	socket.once('connect', () => {
		socket.off('error', reject);
		resolve(socket);
	});
	return promise;
}
