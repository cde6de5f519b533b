import {cannotStart, openDocker, readOrder, sentence} from './docker-client.ts';
import {makeRaw, typed} from './docker-terminal.ts';

/** `muster exec` and health checks within a container; ends with the command's exit status. */
export async function execInContainer(file: string, tty: boolean, command: readonly string[]): Promise<number> {
	const {socket, name} = readOrder(file);
	try {
		if (tty) {
			makeRaw();
		}

		const docker = await openDocker(socket);
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
			stream.pipe(process.stdout);
		} else {
			docker.modem.demuxStream(stream, process.stdout, process.stderr);
		}

		typed(stream, tty ? exec : undefined);
		await ended;
		const {ExitCode: code} = await exec.inspect();
		return code ?? 0;
	} catch (error) {
		process.stderr.write(`muster: ${sentence(error)}\n`);
		return cannotStart;
	}
}
