import type {startEngine} from '../helpers/docker.ts';

/** Docker removes them when it has seen that their processes are gone. */
const patienceMs = 10_000;
const lookEveryMs = 100;

/** Containers that are left when everything has been ended. */
export async function leftContainers(docker: Awaited<ReturnType<typeof startEngine>>): Promise<readonly string[]> {
	const deadline = performance.now() + patienceMs;
	let names = await docker.containers();
	while (names.length > 0 && performance.now() < deadline) {
		await new Promise(resolve => setTimeout(resolve, lookEveryMs));
		names = await docker.containers();
	}

	return names.map(name => `the container ${name} was left`);
}
