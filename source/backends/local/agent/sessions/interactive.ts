import type {Environment} from '../launch/environment.ts';
import type {User} from '../launch/user.ts';

/** A process that is talked with: through a terminal of its own, or through pipes. */
export type Interactive = {
	readonly pid: number;
	/** False: enough for now, wait for `drained`. */
	write(data: Uint8Array): boolean;
	/** No more input. */
	end(): void;
	/** Nothing without a terminal. */
	resize(columns: number, rows: number): void;
	/** No output until `resume`. */
	pause(): void;
	resume(): void;
};

export type InteractiveEvents = {
	readonly output: (stream: 'stdout' | 'stderr', data: Buffer) => void;
	readonly drained: () => void;
	/** Once, after the last output. 128 + N after signal N. */
	readonly exit: (code: number) => void;
};

export type InteractiveOptions = {
	/** The first word is the path of an executable. */
	readonly command: readonly string[];
	readonly environment: Environment;
	readonly workdir: string;
	readonly user?: User;
	readonly tty: boolean;
	/** Without a terminal: false gives it an input that is at its end. */
	readonly stdin: boolean;
	readonly size?: {readonly columns: number; readonly rows: number};
	/** In a process group of its own; with a terminal always. */
	readonly ownGroup: boolean;
};
