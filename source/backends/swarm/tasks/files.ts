import path from 'node:path/posix';
import {Readable} from 'node:stream';
import type {FilesFacet, Ref} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {DockerClient} from '../docker.ts';

type Reached = {readonly client: DockerClient; readonly containerId: string};

/** As Go's os.FileMode has them. */
const modes = {folder: 2 ** 31, link: 2 ** 27} as const;

type RawStat = {readonly mode?: number; readonly linkTarget?: string};

/** Links may lead on to others. */
const mostLinks = 8;

/** Files by the engine of the node itself: what the container has of programs does not matter. */
export function filesByEngine(reach: (instance: Ref<'instance'>) => Promise<Reached>): FilesFacet {
	/** Undefined: nothing is there. */
	async function stat({client, containerId}: Reached, at: string): Promise<RawStat | undefined> {
		try {
			const answer = (await client.call(async dockerode =>
				dockerode.getContainer(containerId).infoArchive({path: at}),
			)) as unknown as Readable & {readonly headers: Readonly<Record<string, string | undefined>>};
			answer.resume();
			const told = answer.headers['x-docker-container-path-stat'] ?? '';
			return JSON.parse(Buffer.from(told, 'base64').toString('utf8')) as RawStat;
		} catch (thrown) {
			if (toClusterError(thrown).code === 'not-found') return undefined;
			throw thrown;
		}
	}

	return {
		async stat(instance, given) {
			const reached = await reach(instance);
			let at = await absolute(reached, given);
			for (let links = 0; links < mostLinks; links++) {
				const found = await stat(reached, at);
				if (found === undefined) return undefined;
				const mode = found.mode ?? 0;
				if (!has(mode, modes.link) || !found.linkTarget) return has(mode, modes.folder) ? 'folder' : 'file';
				at = path.resolve(path.dirname(at), found.linkTarget);
			}

			throw new ClusterError('failed', `${stripControl(given)} of ${instance.name} leads from link to link.`);
		},
		async *read(instance, given, {signal} = {}) {
			const reached = await reach(instance);
			const at = await absolute(reached, given);
			const stream = await reached.client.stream(
				`/containers/${reached.containerId}/archive`,
				{path: at},
				signal ?? new AbortController().signal,
			);
			yield* stream as AsyncIterable<Buffer>;
		},
		async write(instance, folder, archive, {signal} = {}) {
			const reached = await reach(instance);
			const at = await absolute(reached, folder);
			const source = Readable.from(archive);
			const leave = () => source.destroy();
			signal?.addEventListener('abort', leave);
			try {
				await reached.client.call(async dockerode =>
					dockerode.getContainer(reached.containerId).putArchive(source, {path: at}),
				);
			} catch (thrown) {
				signal?.throwIfAborted();
				throw thrown;
			} finally {
				signal?.removeEventListener('abort', leave);
				source.destroy();
			}
		},
	};
}

/** Bits beyond 31 are no matter for the operators of integers. */
function has(mode: number, bit: number): boolean {
	return Math.floor(mode / bit) % 2 === 1;
}

/** The engine begins at the root. */
async function absolute({client, containerId}: Reached, given: string): Promise<string> {
	if (given.startsWith('/')) return given;
	const {Config} = await client.call(async dockerode => dockerode.getContainer(containerId).inspect());
	return path.resolve(Config.WorkingDir || '/', given);
}
