import type {Duplex} from 'node:stream';
import {ownPart, withSwap} from './container-options.ts';
import {tellPhase} from './container-phase.ts';
import {openSandbox, portOptions, type Sandbox} from './container-sandbox.ts';
import {attachBothWays, cannotStart, isAbsent, openDocker, readOrder, sentence} from './docker-client.ts';
import type {ContainerOrder} from './docker-order.ts';
import {need} from './docker-pull.ts';
import {makeRaw, typed} from './docker-terminal.ts';

// They are one bundle.
export {execInContainer} from './docker-exec.ts';
export {helpWithin} from './open-within.ts';

type Container = import('dockerode').Container;

/** What an agent sends to the process that stands for a container, and this hands on. */
const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH'] as const;

const lookEveryMs = 1000;
const maxSilent = 5;

/**
 * Stands for one container, between the shim and Docker: makes and starts it, carries its output into the instance's logs,
 * hands signals on, and ends as it ends. The container goes when its processes do; these carry the instance's id, as all
 * that belongs to an instance does, so that they are found and ended wherever this process was killed.
 */
export async function runContainer(file: string): Promise<number> {
	const order = readOrder(file);
	const waiting: NodeJS.Signals[] = [];
	let container: Container | undefined;
	let sandbox: Sandbox | undefined;
	for (const signal of signals) {
		process.on(signal, () => {
			waiting.push(signal);
			void hand(container, waiting);
		});
	}

	try {
		if (order.tty) {
			makeRaw();
		}

		const docker = await openDocker(order.socket);
		await need(docker, order.image, text => {
			log(text);
			tellPhase(file, text);
		});
		await docker
			.getContainer(order.name)
			.remove({force: true})
			.catch(() => {});
		const {network} = order;
		sandbox = network && (await openSandbox(docker, {...order, network}, log));
		const made = await docker.createContainer(options(order, sandbox));
		// Both ways only where somebody may type: what is upgraded so has no end of its own to wait for otherwise.
		const {stdin} = order;
		const output = stdin
			? await attachBothWays(made)
			: ((await made.attach({stream: true, stdout: true, stderr: true})) as unknown as Duplex);
		const drained = carry(made, output, order.tty);
		// Asked before the start: it is gone for good as soon as it has ended.
		const ended = made.wait({condition: 'next-exit'}) as Promise<{StatusCode: number}>;
		await made.start();
		container = made;
		tellPhase(file);
		void sandbox?.ended.then(() => made.kill().catch(() => {}));
		if (stdin) {
			typed(output, order.tty ? made : undefined);
		}

		await hand(container, waiting);
		const lost = drained.then(() => untilGone(made));
		lost.catch(() => {});
		const {StatusCode: code} = await Promise.race([ended, lost]);
		await drained;
		return code;
	} catch (error) {
		log(sentence(error));
		tellPhase(file, sentence(error));
		return cannotStart;
	} finally {
		sandbox?.end();
	}
}

function options(order: ContainerOrder, sandbox: Sandbox | undefined): import('dockerode').ContainerCreateOptions {
	const {name, image, command, env, labels, user, workdir, tty, stdin, stopSignal, binds, memoryBytes, cpus} = order;
	const mounts = binds.map(bind =>
		bind.type === 'tmpfs'
			? {
					Type: 'tmpfs' as const,
					Source: '',
					Target: bind.target,
					TmpfsOptions: {SizeBytes: bind.sizeBytes ?? 0, Mode: 0o1777},
				}
			: {Type: 'bind' as const, Source: bind.source, Target: bind.target, ReadOnly: bind.readOnly},
	);
	const {ExposedPorts, PortBindings} = portOptions(order);
	const {host, ...rarer} = ownPart(order, sandbox === undefined);
	return {
		...rarer,
		name,
		Image: image,
		...(command.length > 0 && {Cmd: [...command]}),
		Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
		Labels: {...labels},
		...(user !== undefined && {User: user}),
		...(workdir !== undefined && {WorkingDir: workdir}),
		Tty: tty,
		OpenStdin: stdin,
		// Its end is passed on.
		StdinOnce: stdin,
		StopSignal: stopSignal,
		...(!sandbox && {ExposedPorts}),
		HostConfig: {
			...host,
			AutoRemove: true,
			...(sandbox ? {NetworkMode: sandbox.networkMode} : {PortBindings}),
			Mounts: mounts,
			...(memoryBytes !== undefined && {
				Memory: memoryBytes,
				MemorySwap: withSwap(memoryBytes, order.options?.swapBytes),
			}),
			...(cpus !== undefined && {NanoCpus: Math.round(cpus * 1e9)}),
			...(order.noNewPrivileges && {SecurityOpt: ['no-new-privileges']}),
		},
	};
}

/**
 * The output is at its end: the container has closed it, or Docker is gone, which may have been started anew since and know
 * nothing of it any more, while who waits for its end waits for ever.
 */
async function untilGone(container: Container): Promise<{StatusCode: number}> {
	for (let silent = 0; silent < maxSilent; ) {
		await new Promise(resolve => setTimeout(resolve, lookEveryMs));
		try {
			const {State: state} = await container.inspect();
			silent = 0;
			if (!state.Running) {
				return {StatusCode: state.ExitCode};
			}
		} catch (error) {
			if (isAbsent(error)) {
				throw new Error('the container is gone', {cause: error});
			}

			silent++;
		}
	}

	throw new Error('Docker does not answer any more');
}

function log(text: string): void {
	process.stderr.write(`muster: ${text}\n`);
}

/** Fulfilled when the last of it is written. */
function carry(container: Container, output: Duplex, tty: boolean): Promise<void> {
	if (tty) {
		output.pipe(process.stdout);
	} else {
		container.modem.demuxStream(output, process.stdout, process.stderr);
	}

	return new Promise(resolve => {
		output.once('end', resolve);
		output.once('close', resolve);
		output.once('error', () => resolve());
	});
}

/** The stop signal is the container's own business: docker sends what it was made with. */
async function hand(container: Container | undefined, waiting: NodeJS.Signals[]): Promise<void> {
	for (let signal = container && waiting.shift(); signal && container; signal = waiting.shift()) {
		await container.kill({signal}).catch(() => {});
	}
}
