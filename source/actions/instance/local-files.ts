/** Files of this machine, as archives; source/cli reads and writes them. */
export type LocalFiles = {
	/** Whole, from the caller's folder. */
	resolve(path: string): string;
	/** What is there, links followed; undefined: nothing. */
	stat(path: string): Promise<'file' | 'folder' | undefined>;
	/** An archive of what is there, under another name. `seen` is called with each file's size. */
	pack(path: string, name: string, seen?: (bytes: number) => void): AsyncIterable<Uint8Array>;
	/** Makes of an archive what is at `path`: the first part of its names stands for that. */
	unpack(path: string, archive: AsyncIterable<Uint8Array>): Promise<Unpacked>;
};

export type Unpacked = {
	readonly files: number;
	readonly bytes: number;
	/** What was left out, each with the reason. */
	readonly skipped: readonly string[];
};
