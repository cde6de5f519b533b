import type {FileWays} from './attach.ts';
import type {LeftOut} from './left-out.ts';

/** What reading a file needs to know of who asks and of the engine. */
export type ProjectContext = {
	/** Its stack's name; absent: the file's own, or the folder's. */
	readonly name?: string | undefined;
	readonly folderName: string;
	/** Those that are asked for. */
	readonly profiles: readonly string[];
	/** What stands between a stack's name and its part's. */
	readonly separator: '_' | '-';
	/** A key of the file, as far as the engine's names can have it. */
	wordOf(key: string): string;
	/** Whether the engine has networks that services are put on. */
	readonly hasNetworks: boolean;
	/** Whether volumes are made before they are mounted; else each node makes its own, as it has it. */
	readonly makesVolumes: boolean;
	readonly files: FileWays;
	readonly leftOut: LeftOut;
	readonly exposesPorts: boolean;
	imageOf(image: string): string;
	resolve(path: string): string;
	/** Of the files that `filesNamed` told; undefined: there is none. */
	read(path: string): string | {readonly base64: string} | undefined;
};
