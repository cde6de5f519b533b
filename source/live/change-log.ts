/** Which ids changed at which version, as far back as is kept: so that who looks again looks only at those. */
export class ChangeLog {
	readonly #maxEntries: number;
	#entries: Array<{readonly version: number; readonly id: string}> = [];
	/** What changed at or before this version is not known. */
	#knownSince = 0;

	constructor(maxEntries = 20_000) {
		this.#maxEntries = maxEntries;
	}

	add(version: number, id: string): void {
		this.#entries.push({version, id});
		if (this.#entries.length > this.#maxEntries) {
			const dropped = this.#entries.splice(0, Math.ceil(this.#maxEntries / 2));
			this.#knownSince = dropped.at(-1)?.version ?? this.#knownSince;
		}
	}

	/** Anything may have changed at this version. */
	forget(version: number): void {
		this.#entries = [];
		this.#knownSince = version;
	}

	/** What changed after this version; undefined: not known any more, it may be everything. */
	since(version: number): ReadonlySet<string> | undefined {
		if (version < this.#knownSince) {
			return undefined;
		}

		const ids = new Set<string>();
		for (let index = this.#entries.length - 1; index >= 0; index--) {
			const entry = this.#entries[index];
			if (entry === undefined || entry.version <= version) {
				break;
			}

			ids.add(entry.id);
		}

		return ids;
	}
}
