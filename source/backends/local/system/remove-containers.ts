import {request} from 'node:http';
import {containerName, sandboxName} from '../agent/runtimes/docker-order.ts';
import {dockerSocket} from './docker-socket.ts';

const patienceMs = 10_000;

/**
 * Removes the containers of an instance with all that runs in them. What stood for it may have been killed right after it had
 * asked Docker for a start: that comes when nobody waits for it any more. Comes back when Docker has removed them, knows
 * nothing of them, or does not answer: then nothing can be asked of it, and what runs is found among the processes.
 */
export async function removeContainers(
	env: Readonly<Record<string, string | undefined>>,
	instanceId: string,
): Promise<void> {
	const socket = dockerSocket(env);
	if (socket !== undefined) {
		const name = containerName(instanceId);
		await removeContainer(socket, name);
		// Podman keeps one whose network another has.
		await removeContainer(socket, sandboxName(name));
	}
}

function removeContainer(socket: string, name: string): Promise<void> {
	return new Promise(resolve => {
		const path = `/containers/${encodeURIComponent(name)}?force=1`;
		const asked = request({socketPath: socket, method: 'DELETE', path, timeout: patienceMs, agent: false}, answer => {
			answer.resume().once('close', resolve);
		});
		asked
			.once('timeout', () => asked.destroy())
			.once('error', () => resolve())
			.end();
	});
}

/** Ids of the instances of this home that Docker has containers of, running or not; none where it does not answer. */
export function instancesWithContainers(
	env: Readonly<Record<string, string | undefined>>,
	root: string,
): Promise<ReadonlySet<string>> {
	const socketPath = dockerSocket(env);
	if (socketPath === undefined) {
		return Promise.resolve(new Set());
	}

	const filters = encodeURIComponent(JSON.stringify({label: [`muster.home=${root}`]}));
	return new Promise(resolve => {
		const nothing = () => resolve(new Set());
		const path = `/containers/json?all=1&filters=${filters}`;
		const asked = request({socketPath, path, timeout: patienceMs, agent: false}, answer => {
			const parts: Buffer[] = [];
			answer
				.on('data', (part: Buffer) => parts.push(part))
				.once('error', nothing)
				.once('end', () => resolve(idsIn(Buffer.concat(parts).toString('utf8'))));
		});
		asked
			.once('timeout', () => asked.destroy())
			.once('error', nothing)
			.end();
	});
}

type Listed = {readonly Labels?: Readonly<Record<string, string>>};

/** An error of Docker's is no list. */
function idsIn(text: string): ReadonlySet<string> {
	try {
		const listed = JSON.parse(text) as readonly Listed[];
		return new Set(listed.flatMap(({Labels}) => Labels?.['muster.instance'] ?? []));
	} catch {
		return new Set();
	}
}
