import {Readable} from 'node:stream';
import {identify, readEnvironment, signalProcess} from '../../system/process-identity.ts';
import {ContainerNetwork} from './container-network.ts';
import {networkPart} from './container-options.ts';
import {isAbsent} from './docker-client.ts';
import {type ContainerOrder, namesOf, sandboxName} from './docker-order.ts';
import {pauseCommand, pauseImage, pauseRoot} from './pause-image.ts';

type Docker = import('dockerode');

/** A network of its own that a container is started in. */
export type Sandbox = {
	/** As docker names it. */
	readonly networkMode: string;
	/** Its ports lead nowhere any more. */
	readonly ended: Promise<void>;
	/** Its process is killed, and with that it goes. */
	end(): void;
};

/**
 * Makes the network before the container: Docker makes one only with a command that runs in it already, and that would find
 * nobody. So it is that of a container which sleeps, as in Kubernetes' pods; ports and name servers are given to that.
 */
export async function openSandbox(
	docker: Docker,
	order: ContainerOrder & Required<Pick<ContainerOrder, 'network'>>,
	log: (text: string) => void,
): Promise<Sandbox> {
	await needPause(docker);
	const name = sandboxName(order.name);
	await docker
		.getContainer(name)
		.remove({force: true})
		.catch(() => {});
	const {ExposedPorts, PortBindings} = portOptions(order);
	const {host, ...named} = networkPart(order.options ?? {});
	const made = await docker.createContainer({
		...named,
		name,
		Image: pauseImage,
		Cmd: [pauseCommand],
		Env: Object.entries(namesOf(order.env)).map(([key, value]) => `${key}=${value}`),
		Labels: {...order.labels},
		ExposedPorts,
		// With the search domain a plain name is asked for as muster's first. Other name servers are asked by muster's.
		HostConfig: {
			...host,
			AutoRemove: true,
			PortBindings,
			Dns: [order.network.nameServer],
			DnsSearch: ['muster', ...(host.DnsSearch ?? [])],
		},
	});
	const ended = made.wait({condition: 'next-exit'}).then(
		() => {},
		() => {},
	);
	await made.start();
	const {State: state} = await made.inspect();
	const own = identify(state.Pid);
	if (own && readEnvironment(own.pid)?.MUSTER_INSTANCE === order.env.MUSTER_INSTANCE) {
		await new ContainerNetwork(own.pid, {...order.network, servers: order.options?.dns}, log).join();
	} else {
		log('services on its networks cannot be reached: its processes are not to be seen from here');
	}

	return {
		networkMode: `container:${made.id}`,
		ended,
		end() {
			if (own) {
				signalProcess(own, 'SIGKILL');
			}
		},
	};
}

/** Ports of the machine that lead into a container. */
export function portOptions({ports}: Pick<ContainerOrder, 'ports'>) {
	return {
		ExposedPorts: Object.fromEntries(ports.map(({target}) => [`${target}/tcp`, {}])),
		PortBindings: Object.fromEntries(
			ports.map(({target, host, port}) => [`${target}/tcp`, [{HostIp: host, HostPort: String(port)}]]),
		),
	};
}

async function needPause(docker: Docker): Promise<void> {
	if (await isThere(docker, pauseImage)) {
		return;
	}

	const [repo = '', tag] = pauseImage.split(':');
	const answer = await docker.importImage(Readable.from([pauseRoot(process.arch)]) as never, {repo, tag});
	for await (const _ of answer) {
		// To its end: then the image is there.
	}

	// Podman does not hear the tag.
	if (!(await isThere(docker, pauseImage))) {
		await docker.getImage(repo).tag({repo, tag});
	}
}

async function isThere(docker: Docker, image: string): Promise<boolean> {
	try {
		await docker.getImage(image).inspect();
		return true;
	} catch (error) {
		if (isAbsent(error)) {
			return false;
		}

		throw error;
	}
}
