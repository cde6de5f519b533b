import {readFileSync} from 'node:fs';
import path from 'node:path';
import {writeWhole} from '../../backends/local/system/write-whole.ts';
import type {AccessEntry, Granted, Role} from '../../core/access.ts';
import {ClusterError} from '../../core/error.ts';
import {type Authority, openAuthority} from './authority.ts';

/** Each costs a line in a file that is written whole. */
const maxEntries = 1000;

/** Who has access, in a file of the state folder. A certificate that is not in it is good for nothing. */
export class AccessBoard {
	readonly #folder: string;
	readonly #now: () => number;
	#entries: readonly AccessEntry[] | undefined;
	#authority: Authority | undefined;
	readonly #listeners = new Set<(fingerprint: string) => void>();

	constructor(folder: string, now: () => number) {
		this.#folder = folder;
		this.#now = now;
	}

	get authority(): Authority {
		this.#authority ??= openAuthority(this.#folder, this.#now);
		return this.#authority;
	}

	list(): readonly AccessEntry[] {
		this.#entries ??= readEntries(this.#file);
		return this.#entries;
	}

	/** Of whoever shows this certificate. */
	find(fingerprint: string): AccessEntry | undefined {
		return this.list().find(entry => entry.fingerprint === fingerprint);
	}

	grant({name, role, forMs}: {readonly name: string; readonly role: Role; readonly forMs: number}): Granted {
		const entries = this.list();
		if (entries.some(entry => entry.name === name)) {
			throw new ClusterError('conflict', `there is access for ${name} already`, {
				hint: `A new certificate: muster access rotate ${name}. Another role: remove it first.`,
			});
		}

		if (entries.length >= maxEntries) {
			throw new ClusterError('conflict', `there are ${maxEntries} with access already, which is all that is kept`);
		}

		return this.#issue({name, role}, forMs, entries);
	}

	rotate({name, forMs}: {readonly name: string; readonly forMs: number}): Granted {
		const before = this.#existing(name);
		const granted = this.#issue(
			before,
			forMs,
			this.list().filter(entry => entry !== before),
		);
		this.#tell(before.fingerprint);
		return granted;
	}

	revoke(name: string): void {
		const before = this.#existing(name);
		this.#write(this.list().filter(entry => entry !== before));
		this.#tell(before.fingerprint);
	}

	/** Called with each certificate that is good for nothing from now on. */
	onRevoked(listener: (fingerprint: string) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	get #file(): string {
		return path.join(this.#folder, 'granted.json');
	}

	#existing(name: string): AccessEntry {
		const found = this.list().find(entry => entry.name === name);
		if (!found) {
			throw new ClusterError('not-found', `nobody named ${JSON.stringify(name)} has access`, {
				hint: 'muster access ls',
			});
		}

		return found;
	}

	#issue({name, role}: Pick<AccessEntry, 'name' | 'role'>, forMs: number, others: readonly AccessEntry[]): Granted {
		const {X509Certificate} = process.getBuiltinModule('node:crypto');
		const now = this.#now();
		const {certificate, key} = this.authority.client(name, now + forMs);
		const {fingerprint256: fingerprint, validTo} = new X509Certificate(certificate);
		const entry: AccessEntry = {name, role, createdAt: now, expiresAt: Date.parse(validTo), fingerprint};
		this.#write([...others, entry]);
		const about = `# muster: access for ${name} (${role}) until ${new Date(entry.expiresAt).toISOString()}. Whoever has this file has that access.\n`;
		return {entry, identity: about + certificate + key + this.authority.certificate};
	}

	#write(entries: readonly AccessEntry[]): void {
		const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
		// The authority makes the folder.
		void this.authority;
		writeWhole(this.#file, `${JSON.stringify(sorted, undefined, '\t')}\n`);
		this.#entries = sorted;
	}

	#tell(fingerprint: string): void {
		for (const listener of this.#listeners) {
			listener(fingerprint);
		}
	}
}

function readEntries(file: string): readonly AccessEntry[] {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}

	try {
		return JSON.parse(text) as readonly AccessEntry[];
	} catch (error) {
		throw damaged(file, error as Error);
	}
}

function damaged(file: string, cause: Error): ClusterError {
	return new ClusterError('failed', `${file} is damaged: ${cause.message}`, {
		hint: 'Nobody has access by TCP until it is put back from a backup, or removed.',
		cause,
	});
}
