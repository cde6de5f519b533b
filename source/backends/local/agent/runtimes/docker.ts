import {readFileSync} from 'node:fs';
import type {Duplex} from 'node:stream';
import type {ContainerOrder} from './docker-order.ts';

type Docker = import('dockerode');
type Container = import('dockerode').Container;

/** What an agent sends to the process that stands for a container, and this hands on. */
const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH'] as const;
const progressEveryMs = 1000;
const cannotStart = 125;

/**
 * Stands for one container, between the shim and Docker: makes and starts it, carries its output into the instance's logs,
 * hands signals on, and ends as it ends. The container goes when its processes do; these carry the instance's id, as all
 * that belongs to an instance does, so that they are found and ended wherever this process was killed.
 */
export async function runContainer(file: string): Promise<number> {
	const order = readOrder(file);
	const waiting: NodeJS.Signals[] = [];
	let container: Container | undefined;
	for (const signal of signals) {
		process.on(signal, () => {
			waiting.push(signal);
			void hand(container, waiting);
		});
	}

	try {
		const docker = await open(order.socket);
		await need(docker, order.image);
		await docker
			.getContainer(order.name)
			.remove({force: true})
			.catch(() => {});
		const made = await docker.createContainer(options(order));
		const output = await made.attach({stream: true, stdout: true, stderr: true});
		const drained = carry(made, output as unknown as Duplex, order.tty);
		// Asked before the start: it is gone for good as soon as it has ended.
		const ended = made.wait({condition: 'next-exit'}) as Promise<{StatusCode: number}>;
		await made.start();
		container = made;
		await hand(container, waiting);
		const {StatusCode: code} = await ended;
		await drained;
		return code;
	} catch (error) {
		process.stderr.write(`muster: ${sentence(error)}\n`);
		return cannotStart;
	}
}

function readOrder(file: string): ContainerOrder {
	return JSON.parse(readFileSync(file, 'utf8')) as ContainerOrder;
}

async function open(socketPath: string): Promise<Docker> {
	const {default: Docker} = await import('dockerode');
	return new Docker({socketPath});
}

/** Docker's own words, without what the library puts around them. */
function sentence(error: unknown): string {
	const {json, message} = error as {json?: {message?: string}; message?: string};
	return json?.message ?? message ?? String(error);
}

/** Pulls what is not there, and says how far it is. */
async function need(docker: Docker, image: string): Promise<void> {
	try {
		await docker.getImage(image).inspect();
		return;
	} catch (error) {
		if ((error as {statusCode?: number}).statusCode !== 404) {
			throw error;
		}
	}

	process.stderr.write(`muster: pulls ${image}\n`);
	const stream = await docker.pull(image.includes(':') || image.includes('@') ? image : `${image}:latest`);
	const layers = new Map<string, {readonly current: number; readonly total: number}>();
	let toldMs = performance.now();
	await new Promise<void>((resolve, reject) => {
		docker.modem.followProgress(
			stream,
			error => (error ? reject(error) : resolve()),
			({id, progressDetail}: {id?: string; progressDetail?: {current?: number; total?: number}}) => {
				if (id !== undefined && progressDetail?.total) {
					layers.set(id, {current: progressDetail.current ?? 0, total: progressDetail.total});
				}

				if (performance.now() - toldMs > progressEveryMs) {
					toldMs = performance.now();
					const sum = (key: 'current' | 'total') => [...layers.values()].reduce((all, layer) => all + layer[key], 0);
					const percent = Math.floor((100 * sum('current')) / Math.max(1, sum('total')));
					process.stderr.write(`muster: ${image}: ${percent} % of ${layers.size} layers\n`);
				}
			},
		);
	});
}

function options(order: ContainerOrder): import('dockerode').ContainerCreateOptions {
	const {name, image, command, env, labels, user, workdir, tty, stopSignal, ports, binds, memoryBytes, cpus} = order;
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
	return {
		name,
		Image: image,
		...(command.length > 0 && {Cmd: [...command]}),
		Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
		Labels: {...labels},
		...(user !== undefined && {User: user}),
		...(workdir !== undefined && {WorkingDir: workdir}),
		Tty: tty,
		StopSignal: stopSignal,
		ExposedPorts: Object.fromEntries(ports.map(({target}) => [`${target}/tcp`, {}])),
		HostConfig: {
			AutoRemove: true,
			PortBindings: Object.fromEntries(
				ports.map(({target, host, port}) => [`${target}/tcp`, [{HostIp: host, HostPort: String(port)}]]),
			),
			Mounts: mounts,
			...(memoryBytes !== undefined && {Memory: memoryBytes, MemorySwap: memoryBytes}),
			...(cpus !== undefined && {NanoCpus: Math.round(cpus * 1e9)}),
			...(order.noNewPrivileges && {SecurityOpt: ['no-new-privileges']}),
		},
	};
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

/** `muster exec` and health checks within a container; ends with the command's exit status. */
export async function execInContainer(file: string, tty: boolean, command: readonly string[]): Promise<number> {
	const {socket, name} = readOrder(file);
	try {
		const docker = await open(socket);
		const exec = await docker.getContainer(name).exec({
			Cmd: [...command],
			AttachStdin: true,
			AttachStdout: true,
			AttachStderr: true,
			Tty: tty,
		});
		const stream = await exec.start({hijack: true, stdin: true, Tty: tty});
		const ended = new Promise<void>(resolve => {
			stream.once('end', resolve);
			stream.once('close', resolve);
		});
		if (tty) {
			process.stdin.setRawMode?.(true);
			const resize = () => {
				const {columns: w = 80, rows: h = 24} = process.stdout;
				void exec.resize({w, h}).catch(() => {});
			};

			process.stdout.on('resize', resize);
			resize();
			stream.pipe(process.stdout);
		} else {
			docker.modem.demuxStream(stream, process.stdout, process.stderr);
		}

		process.stdin.pipe(stream);
		await ended;
		const {ExitCode: code} = await exec.inspect();
		return code ?? 0;
	} catch (error) {
		process.stderr.write(`muster: ${sentence(error)}\n`);
		return cannotStart;
	}
}
