import {request} from 'node:http';

const patienceMs = 10_000;

/**
 * Removes a container with all that runs in it. Comes back when Docker has done so, knows nothing of it, or does not answer:
 * then nothing more can be asked of it, and what runs all the same is found among the processes.
 */
export function removeContainer(socket: string, name: string): Promise<void> {
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
