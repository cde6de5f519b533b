import type {Tunnel} from '../../../core/backend.ts';
import type {Clock} from '../../../core/clock.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {byteQueue} from './byte-queue.ts';
import {connectSocket, podPath} from './sessions.ts';

/** Of one port: what goes over it, and what is wrong with it. Each begins with the port's number, in two bytes. */
const channels = {data: 0, error: 1} as const;

/** So long an answer may take that comes after the question has ended. */
const lingerMs = 30_000;

/** A connection of its own for each connection, as the protocol has no other way to tell two of one port apart. */
export async function openTunnel(
	{client, clock}: {readonly client: KubeClient; readonly clock: Clock},
	pod: {readonly scope: string; readonly pod: string},
	port: number,
): Promise<Tunnel> {
	const incoming = byteQueue<Uint8Array>(
		{pause: () => socket.pause(), resume: () => socket.resume()},
		({length}) => length,
	);
	const begun = new Set<number>();
	let hasEnded = false;
	let cancel = () => {};
	const waitOn = () => {
		cancel();
		if (hasEnded) cancel = clock.after(lingerMs, () => socket.close());
	};
	const socket = await connectSocket(client, `${podPath(pod)}/portforward?ports=${port}`, (channel, data) => {
		const bytes = begun.has(channel) ? data : data.subarray(2);
		begun.add(channel);
		if (channel === channels.data) {
			incoming.add(bytes);
			waitOn();
		} else if (channel === channels.error && bytes.length > 0) {
			incoming.end(refusal(pod.pod, port, bytes.toString('utf8')));
			return false;
		}

		return true;
	});
	socket.onclose = () => {
		cancel();
		incoming.end();
	};
	return {
		output: incoming.all(),
		write(data) {
			socket.send(Buffer.concat([Buffer.from([channels.data]), data]));
		},
		drained: () => socket.drained(),
		// The protocol cannot end one direction alone: the other side ends when it has answered, or has nothing more to say.
		end() {
			hasEnded = true;
			waitOn();
		},
		close() {
			cancel();
			socket.close();
		},
	};
}

function refusal(pod: string, port: number, said: string): ClusterError {
	const text = stripControl(said.trim());
	return new ClusterError(
		'unreachable',
		/refused/i.test(text) ? `nothing listens on port ${port} of ${pod}` : `${pod} port ${port}: ${text}`,
	);
}
