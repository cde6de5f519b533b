import {renameSync, rmSync} from 'node:fs';
import {type FileHandle, lstat, open, readdir, readlink} from 'node:fs/promises';
import path from 'node:path';
import {type TarEntry, tarEnd, tarHeader, tarPadding} from '../../core/archive/tar.ts';
import {ClusterError} from '../../core/error.ts';

/** `from`: a file or folder, with all that is in it; or the content itself. */
export type Packed = {readonly name: string; readonly from: string | Uint8Array};

export type PackResult = {
	readonly files: number;
	readonly bytes: number;
	/** Became shorter while they were read. */
	readonly torn: readonly string[];
};

const chunkBytes = 1 << 20;

/** Writes a tar of what there is; what is not there is left out. Whole and on the disk, mode 0600, or not at all. */
export async function pack(file: string, all: readonly Packed[]): Promise<PackResult> {
	const unfinished = `${file}.${process.pid}.new`;
	const out = await open(unfinished, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
		throw unwritable(file, cause);
	});
	const packer = new Packer(out);
	try {
		for (const {name, from} of all) {
			await (typeof from === 'string' ? packer.add(name, from) : packer.content(name, from));
		}

		await packer.write(tarEnd);
		await packer.flush();
		await out.sync();
		put(unfinished, file);
		return {files: packer.files, bytes: packer.bytes, torn: packer.torn};
	} catch (error) {
		rmSync(unfinished, {force: true});
		throw error;
	} finally {
		await out.close();
	}
}

function put(unfinished: string, file: string): void {
	try {
		renameSync(unfinished, file);
	} catch (cause) {
		throw unwritable(file, cause as NodeJS.ErrnoException);
	}
}

function unwritable(file: string, cause: NodeJS.ErrnoException): ClusterError {
	const sentences: Readonly<Record<string, string>> = {
		ENOENT: `there is no folder ${path.dirname(file)}`,
		ENOTDIR: `${path.dirname(file)} is no folder`,
		EISDIR: 'it is a folder',
		EACCES: `${path.dirname(file)} may not be written`,
		EROFS: `${path.dirname(file)} cannot be written`,
	};
	const why = sentences[cause.code ?? ''] ?? cause.message;
	return new ClusterError('failed', `FILE: ${file} cannot be written: ${why}`, {cause});
}

class Packer implements PackResult {
	files = 0;
	bytes = 0;
	readonly torn: string[] = [];
	readonly #out: FileHandle;
	#waiting: Uint8Array[] = [];
	#waitingBytes = 0;

	constructor(out: FileHandle) {
		this.#out = out;
	}

	async write(data: Uint8Array): Promise<void> {
		this.#waiting.push(data);
		this.#waitingBytes += data.length;
		if (this.#waitingBytes >= chunkBytes) {
			await this.flush();
		}
	}

	async flush(): Promise<void> {
		const data = Buffer.concat(this.#waiting);
		this.#waiting = [];
		this.#waitingBytes = 0;
		await this.#out.writeFile(data);
	}

	async content(name: string, data: Uint8Array): Promise<void> {
		await this.write(tarHeader({name, type: 'file', mode: 0o600, modifiedS: 0, size: data.length, target: ''}));
		await this.write(data);
		await this.write(tarPadding(data.length));
	}

	async add(name: string, from: string): Promise<void> {
		const found = await lstat(from).catch(absent);
		if (!found) {
			return;
		}

		const {uid, gid} = found;
		const about = {mode: found.mode & 0o7777, modifiedS: found.mtimeMs / 1000, size: 0, target: '', owner: {uid, gid}};
		if (found.isDirectory()) {
			await this.write(tarHeader({...about, name: `${name}/`, type: 'folder'}));
			for (const child of (await readdir(from).catch(absent)) ?? []) {
				await this.add(`${name}/${child}`, path.join(from, child));
			}
		} else if (found.isSymbolicLink()) {
			await this.write(tarHeader({...about, name, type: 'symlink', target: await readlink(from)}));
		} else if (found.isFile()) {
			await this.#file({...about, name, type: 'file', size: found.size}, from);
		}
		// Sockets, pipes and devices are of the moment.
	}

	/** As many bytes as were there when it was begun, whatever is written to it meanwhile. */
	async #file(entry: TarEntry, from: string): Promise<void> {
		const handle = await open(from).catch(absent);
		if (!handle) {
			return;
		}

		try {
			await this.write(tarHeader(entry));
			let left = entry.size;
			while (left > 0) {
				const {bytesRead, buffer} = await handle.read(Buffer.alloc(Math.min(left, chunkBytes)));
				if (bytesRead === 0) {
					this.torn.push(entry.name);
					break;
				}

				await this.write(buffer.subarray(0, bytesRead));
				left -= bytesRead;
			}

			while (left > 0) {
				const filler = new Uint8Array(Math.min(left, chunkBytes));
				await this.write(filler);
				left -= filler.length;
			}

			await this.write(tarPadding(entry.size));
			this.files++;
			this.bytes += entry.size;
		} finally {
			await handle.close();
		}
	}
}

function absent(error: NodeJS.ErrnoException): undefined {
	if (error.code !== 'ENOENT') {
		throw error;
	}
}
