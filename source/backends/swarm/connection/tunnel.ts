import type {Session, Tunnel} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';

/** Said when nothing stands between the two any more but the program that passes bytes on. */
const ready = 'muster-is-through';
const noListener = 111;
const noProgram = 127;

/**
 * The engine leads into no port: a program of the container does, to the port of its own machine. First it is seen whether
 * anything listens there, by the tables of the kernel.
 */
const script = `
hex=$(printf %04X "$1")
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$hex [0-9A-F]*:[0-9A-F]* 0A " || exit ${noListener}
go() { echo ${ready} >&2; exec "$@"; }
command -v socat >/dev/null 2>&1 && go socat - "TCP:127.0.0.1:$1"
if command -v nc >/dev/null 2>&1; then
	nc -h 2>&1 | grep -q -e ' -N' && go nc -N 127.0.0.1 "$1"
	go nc 127.0.0.1 "$1"
fi
command -v bash >/dev/null 2>&1 && go bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" || exit 1; cat <&3 & cat >&3; wait' "$1"
exit ${noProgram}
`;

export function tunnelCommand(port: number): readonly string[] {
	return ['sh', '-c', script, 'sh', String(port)];
}

/** Throws where nothing listens, or nothing in there can pass bytes on. */
export async function tunnelOver(session: Session, name: string, port: number): Promise<Tunnel> {
	const pieces = session.output[Symbol.asyncIterator]();
	let said = '';
	while (!said.includes(ready)) {
		const next = await pieces.next();
		if (next.done) {
			session.close();
			throw refusal(await session.exit, said, name, port);
		}

		said = (said + Buffer.from(next.value.data).toString('utf8')).slice(-2000);
	}

	async function* output(): AsyncGenerator<Uint8Array, void> {
		for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
			if (next.value.stream === 'stdout') yield next.value.data;
		}
	}

	return {
		output: output(),
		write: data => session.write(data),
		drained: async () => session.drained?.(),
		end: () => session.end(),
		close: () => session.close(),
	};
}

function refusal(code: number | undefined, said: string, name: string, port: number): ClusterError {
	if (code === noListener) return new ClusterError('unreachable', `nothing listens on port ${port} of ${name}`);
	if (code === noProgram) {
		return new ClusterError(
			'unsupported',
			`${name} has none of socat, nc and bash, one of which would lead to its port`,
			{
				hint: 'Publish the port instead: muster service update --publish mode=host,target=PORT.',
			},
		);
	}

	const why = stripControl(said.trim()) || `it ended with ${code ?? 'a broken connection'}`;
	return new ClusterError('unsupported', `${name}: a port is led to by sh in it, and that did not run: ${why}`);
}
