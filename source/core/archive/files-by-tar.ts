import type {ExecOptions, FilesFacet, FilesOptions, Ref, Session} from '../backend.ts';
import {ClusterError, toClusterError} from '../error.ts';
import {stripControl} from '../text/text.ts';

type Exec = (instance: Ref<'instance'>, options: ExecOptions) => Promise<Session>;

/** Says what is there, and first whether files can be copied at all. */
const look =
	'command -v tar >/dev/null 2>&1 || { echo no-tar; exit 0; }; if [ -d "$1" ]; then echo folder; elif [ -e "$1" ]; then echo file; fi';

/** Said where nothing is amiss: the file was written to meanwhile. */
const harmless = /file changed as we read it/;

/** Files of instances by what the instances have: their own sh and tar, run in them. */
export function filesByTar(exec: Exec): FilesFacet {
	const run = (instance: Ref<'instance'>, command: readonly string[], stdin: boolean, options: FilesOptions) =>
		exec(instance, {
			command,
			tty: false,
			stdin,
			...(options.container === undefined ? {} : {container: options.container}),
		});

	return {
		async stat(instance, path, options = {}) {
			const {said, code, complaint} = await outcome(
				() => run(instance, ['sh', '-c', look, 'sh', path], false, options),
				instance,
			);
			if (code === undefined) throw new ClusterError('unreachable', `${instance.name}: the connection broke`);
			if (code !== 0) {
				throw noShell(instance, complaint || `it ended with ${code}`);
			}

			const word = said.trim();
			if (word === 'no-tar') {
				throw new ClusterError('unsupported', `${instance.name} has no tar: files are copied by its own tar and sh`, {
					hint: 'Choose a container that has them with --container.',
				});
			}

			return word === 'file' || word === 'folder' ? word : undefined;
		},
		async *read(instance, path, options = {}) {
			const {folder, base} = split(path);
			const session = await run(instance, ['tar', '-c', '-f', '-', '-C', folder, '--', base], false, options);
			const leave = () => session.close();
			options.signal?.addEventListener('abort', leave);
			let complaint = '';
			try {
				for await (const {stream, data} of session.output) {
					if (stream === 'stdout') {
						yield data;
					} else {
						complaint = kept(complaint, data);
					}
				}

				options.signal?.throwIfAborted();
				const code = await session.exit;
				if (code !== 0 && !(code === 1 && harmless.test(complaint))) {
					throw failed(instance, code, complaint);
				}
			} finally {
				options.signal?.removeEventListener('abort', leave);
				session.close();
			}
		},
		async write(instance, folder, archive, options = {}) {
			const session = await run(instance, ['tar', '-x', '-f', '-', '-C', folder], true, options);
			const leave = () => session.close();
			options.signal?.addEventListener('abort', leave);
			try {
				const ended = ending(session);
				let isOver = false;
				void ended.then(
					() => {
						isOver = true;
					},
					() => {
						isOver = true;
					},
				);
				for await (const chunk of archive) {
					options.signal?.throwIfAborted();
					if (isOver) {
						break;
					}

					session.write(chunk);
					await Promise.race([session.drained?.(), ended]);
				}

				session.end();
				const {code, complaint} = await ended;
				options.signal?.throwIfAborted();
				if (code !== 0) {
					throw failed(instance, code, complaint);
				}
			} finally {
				options.signal?.removeEventListener('abort', leave);
				session.close();
			}
		},
	};
}

/** The folder that it is in, and its name there; of the root, and of what has no name, `.`. */
export function split(path: string): {readonly folder: string; readonly base: string} {
	const plain = path.replace(/(?<=.)\/+$/, '');
	const at = plain.lastIndexOf('/');
	const base = plain.slice(at + 1);
	if (base === '' || base === '.' || base === '..') {
		return {folder: guarded(plain), base: '.'};
	}

	return {folder: at < 0 ? '.' : guarded(plain.slice(0, at) || '/'), base};
}

/** Not to be taken for an option. */
function guarded(folder: string): string {
	return folder.startsWith('-') ? `./${folder}` : folder;
}

type Outcome = {readonly said: string; readonly complaint: string; readonly code: number | undefined};

async function outcome(open: () => Promise<Session>, instance: Ref<'instance'>): Promise<Outcome> {
	try {
		return await ending(await open());
	} catch (thrown) {
		const error = toClusterError(thrown);
		throw error.code === 'failed' ? noShell(instance, error.message) : error;
	}
}

async function ending(session: Session): Promise<Outcome> {
	let said = '';
	let complaint = '';
	for await (const {stream, data} of session.output) {
		if (stream === 'stdout') {
			said = kept(said, data);
		} else {
			complaint = kept(complaint, data);
		}
	}

	return {said, complaint: lastLine(complaint), code: await session.exit};
}

const mostKept = 4096;

function kept(text: string, data: Uint8Array): string {
	return (text + new TextDecoder().decode(data)).slice(-mostKept);
}

function lastLine(text: string): string {
	return stripControl(text.trim().split('\n').at(-1) ?? '');
}

function noShell({name}: Ref<'instance'>, why: string): ClusterError {
	return new ClusterError('unsupported', `${name}: files are copied by its own sh and tar, and sh did not run: ${why}`);
}

function failed({name}: Ref<'instance'>, code: number | undefined, complaint: string): ClusterError {
	const why = lastLine(complaint) || (code === undefined ? 'the connection broke' : `tar ended with ${code}`);
	return new ClusterError('failed', `${name}: not all was copied: ${why}`);
}
