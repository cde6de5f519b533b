import {accessSync, constants, statSync} from 'node:fs';
import {dockerSocket} from '../../backends/local/system/docker-socket.ts';
import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {PublishedPort, Service, ServiceSpec} from '../../core/model/index.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import type {StoreReader} from '../../orchestrator/store/store.ts';

/** What the gateway gives where no port was asked for. */
const firstFreePort = 30_000;
const lastFreePort = 32_767;

/** Whether the gateway could listen there; the answer is the system's word against it, or undefined. */
export type PortTest = (host: string, port: number) => Promise<'taken' | 'not allowed' | 'no such address' | undefined>;

/**
 * What must hold on this machine before a service is written: its image is there, and its ports are free. Answers with
 * the port to listen on for each of the spec's ports; throws `not-found` or `conflict`. The spec itself is checked
 * elsewhere: what could not even be tried is passed over here.
 */
export async function admitService(
	store: Pick<StoreReader, 'all' | 'byName'>,
	patch: Patch<ServiceSpec>,
	known: Service | undefined,
	testPort: PortTest,
): Promise<readonly number[] | undefined> {
	const image = patch.template?.image;
	if (typeof image === 'string') {
		admitImage(store, image);
	}

	const {ports} = patch;
	return Array.isArray(ports) && ports.every(mayBePort) ? choosePorts(store, ports, known, testPort) : undefined;
}

/** Of the right types and numbers, so that it can be tried. */
function mayBePort(port: unknown): port is Partial<PublishedPort> {
	if (typeof port !== 'object' || port === null) {
		return false;
	}

	const {published = 0, host = ''} = port as Partial<PublishedPort>;
	return Number.isInteger(published) && published >= 0 && published <= 65_535 && typeof host === 'string';
}

function admitImage(store: Pick<StoreReader, 'all' | 'byName'>, text: string): void {
	const [, kind = 'image', name = ''] = /^(?:(image|exec|docker):)?(.*)$/s.exec(text) ?? [];
	if (kind === 'docker') {
		admitContainer(text);
	} else if (kind === 'exec') {
		admitExecutable(name);
	} else if (!store.byName('image', name)) {
		const known = [...store.all('image')].map(other => other.name);
		const meant = nearMiss(name, known);
		throw new ClusterError('not-found', `There is no image named ${JSON.stringify(name)}.`, {
			hint: meant ? `Did you mean ${meant}?` : `There are: ${known.join(', ') || 'none'}.`,
		});
	}
}

/** Its containers are ended like processes, each by what it carries in its environment: only root sees that. */
function admitContainer(text: string): void {
	if (dockerSocket(process.env) === undefined) {
		throw new ClusterError('unsupported', `${text}: there is no Docker on this machine.`, {
			hint: 'Start Docker or Podman, or say where its socket is: DOCKER_HOST=unix:///…',
		});
	}

	if (process.getuid?.() !== 0) {
		throw new ClusterError('unsupported', `${text}: the local engine runs containers only as root.`);
	}
}

function admitExecutable(file: string): void {
	const problem = file.startsWith('/') ? executableProblem(file) : 'its path must begin with /';
	if (problem) {
		throw new ClusterError('not-found', `${JSON.stringify(file)} cannot be executed: ${problem}.`);
	}
}

/** Why a file cannot be executed; undefined: it can. */
function executableProblem(file: string): string | undefined {
	try {
		if (!statSync(file).isFile()) {
			return 'it is not a file';
		}

		accessSync(file, constants.X_OK);
		return undefined;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'permission denied' : 'there is no such file';
	}
}

async function choosePorts(
	store: Pick<StoreReader, 'all'>,
	ports: readonly Partial<PublishedPort>[],
	known: Service | undefined,
	testPort: PortTest,
): Promise<readonly number[]> {
	const taken = new Set([...store.all('service')].flatMap(({status}) => status.ports.map(({published}) => published)));
	const chosen: number[] = [];
	for (const {published = 0, host = '127.0.0.1', target} of ports) {
		const before = known?.status.ports.find(port => port.target === target)?.published;
		if (published === 0 && before === undefined) {
			const port = await firstFree(host, taken, testPort);
			taken.add(port);
			chosen.push(port);
		} else {
			// Its own the gateway holds already; of another service's the orchestrator says whose it is.
			if (published !== 0 && !taken.has(published)) {
				refuse(published, host, await testPort(host, published));
			}

			chosen.push(published || before || 0);
		}
	}

	return chosen;
}

async function firstFree(host: string, taken: ReadonlySet<number>, testPort: PortTest): Promise<number> {
	for (let port = firstFreePort; port <= lastFreePort; port++) {
		if (taken.has(port)) {
			continue;
		}

		const problem = await testPort(host, port);
		if (problem === undefined) {
			return port;
		}

		if (problem !== 'taken') {
			refuse(port, host, problem);
		}
	}

	throw new ClusterError('conflict', `No port from ${firstFreePort} to ${lastFreePort} is free.`);
}

function refuse(port: number, host: string, problem: Awaited<ReturnType<PortTest>>): void {
	if (problem === 'taken') {
		throw new ClusterError('conflict', `Port ${port} is in use by another program.`, {
			hint: 'Choose another port, or leave the choice to the gateway: -p TARGET.',
		});
	}

	if (problem === 'not allowed') {
		throw new ClusterError('conflict', `You may not listen on port ${port}.`, {hint: 'Choose a port from 1024 on.'});
	}

	if (problem === 'no such address') {
		throw new ClusterError('conflict', `This machine has no address ${host} to listen on.`);
	}
}
