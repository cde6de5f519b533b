import type {Duplex} from 'node:stream';
import type Dockerode from 'dockerode';
import type {ExecOptions, Session} from '../../../core/backend.ts';
import type {DockerClient} from '../docker.ts';
import {readFrames, readPlain} from './frames.ts';

type Size = {readonly columns: number; readonly rows: number};

/** A command beside the program of a container. */
export async function execIn(docker: DockerClient, containerId: string, options: ExecOptions): Promise<Session> {
	const {command, tty, stdin, env = {}, workdir, size} = options;
	const exec = await docker.call(async ({getContainer}) =>
		getContainer.call(docker.dockerode, containerId).exec({
			Cmd: [...command],
			Tty: tty,
			AttachStdin: stdin,
			AttachStdout: true,
			AttachStderr: true,
			Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
			...(workdir !== undefined && {WorkingDir: workdir}),
		}),
	);
	const stream = await docker.call(async () => exec.start({hijack: true, stdin: true, Tty: tty}));
	const resize = async ({columns, rows}: Size) => docker.call(async () => exec.resize({w: columns, h: rows}));
	if (tty && size !== undefined) await resize(size).catch(() => {});
	return sessionOver(stream, tty, {resize, exitCode: async () => exitCodeOf(docker, exec)});
}

/** The engine may hear of the end a moment after the stream has ended. */
async function exitCodeOf(docker: DockerClient, exec: Dockerode.Exec): Promise<number | undefined> {
	for (let attempt = 0; attempt < 20; attempt++) {
		const {Running, ExitCode} = await docker.call(async () => exec.inspect());
		if (!Running) return ExitCode ?? undefined;
		await new Promise(resolve => setTimeout(resolve, 50));
	}

	return undefined;
}

/** The program of a container itself. */
export async function attachTo(docker: DockerClient, containerId: string, tty: boolean, size?: Size): Promise<Session> {
	const container = docker.dockerode.getContainer(containerId);
	const stream = await docker.call(
		async () =>
			container.attach({
				stream: true,
				stdin: true,
				stdout: true,
				stderr: true,
				hijack: true,
			}) as unknown as Promise<Duplex>,
	);
	const resize = async ({columns, rows}: Size) => docker.call(async () => container.resize({w: columns, h: rows}));
	if (tty && size !== undefined) await resize(size).catch(() => {});
	const exitCode = async () => {
		const {State} = await docker.call(async () => container.inspect());
		return State.Running ? undefined : State.ExitCode;
	};
	return sessionOver(stream, tty, {resize, exitCode});
}

type Other = {resize(size: Size): Promise<unknown>; exitCode(): Promise<number | undefined>};

function sessionOver(stream: Duplex, tty: boolean, {resize, exitCode}: Other): Session {
	const over = Promise.withResolvers<void>();
	for (const event of ['end', 'close', 'error']) stream.once(event, () => over.resolve());
	const exit = over.promise.then(exitCode).catch(() => undefined);
	return {
		output: tty ? readPlain(stream) : readFrames(stream),
		write(data) {
			if (!stream.writableEnded && !stream.destroyed) stream.write(data);
		},
		end() {
			if (!stream.writableEnded && !stream.destroyed) stream.end();
		},
		resize(columns, rows) {
			void resize({columns, rows}).catch(() => {});
		},
		exit,
		close() {
			stream.destroy();
		},
	};
}
