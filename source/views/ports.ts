import type {LocalFiles} from '../actions/instance/local-files.ts';
import type {Backend, Session} from '../core/backend.ts';
import type {ConfigFile} from '../core/config/config.ts';
import type {ContextEntry} from '../core/context.ts';
import {ClusterError} from '../core/error.ts';
import type {TendedContext} from '../core/tend/tended.ts';
import type {Listen} from '../live/port-forward.ts';

/** How a session ended: left by its keys while the other side goes on, or ended with a code; without one, nobody knows. */
export type Joined = {readonly isLeft: boolean; readonly code: number | undefined};

export type SessionTerminal = {
	/** Said before it begins. */
	readonly title: string;
	readonly tty: boolean;
	/** What is typed goes over. */
	readonly stdin: boolean;
	/** ctrl-p ctrl-q leaves it. */
	readonly detachable: boolean;
};

/** How a program ended. */
export type Ended = {readonly code: number | undefined; readonly signal?: string};

export type Program = {
	readonly argv: readonly string[];
	/** Besides the environment of muster. */
	readonly env?: Readonly<Record<string, string>>;
};

/** What a dashboard leaves to the next one: a word each. */
export type Kept = 'commands' | 'filters' | 'columns' | 'namespaces';

/** A config that was read: what it says, or what is wrong with it, with file and line. */
export type ConfigReading = {readonly config: ConfigFile} | {readonly mistake: string};

export type ConfigPort = {
	read(): Promise<ConfigReading>;
	watch(listener: (reading: ConfigReading) => void): () => void;
};

/** What the dashboard does outside of itself and of the cluster; source/cli hands it in. What fails throws ClusterError. */
export type Ports = {
	/** Joins the terminal, which was handed over, with a session until that ends. */
	join(session: Session, options: SessionTerminal): Promise<Joined>;
	/** Runs a program with the terminal, which was handed over; `pauses`: what it wrote can be read at the end. */
	run(program: Program, options?: {readonly pauses?: boolean}): Promise<Ended>;
	/** Runs a program without the terminal; answers with the end of what it wrote. */
	runBehind(program: Program): Promise<Ended & {readonly output: string}>;
	/** Opens a text in the user's editor, in the terminal that was handed over, and answers with what was made of it. */
	edit(text: string, options: {readonly suffix: string}): Promise<string>;
	/** Writes a file that is not there yet and answers with its path. */
	save(name: string, text: string): Promise<string>;
	/** A small text that an earlier dashboard has left under a name; undefined: none. */
	recall(name: Kept): string | undefined;
	/** Leaves it to the next one. */
	keep(name: Kept, text: string): void;
	/** What the config file says, and at once when it says something else; the answer ends it. */
	readonly config: ConfigPort;
	/** What a file of this machine holds. */
	read(path: string): Promise<Uint8Array>;
	/** Files of this machine to copy; absent: none can be. */
	readonly files?: LocalFiles;
	/** Ports of this machine; absent: none can be listened on. */
	readonly listen?: Listen;
	/** What wraps sequences for the clipboard. */
	readonly within: 'tmux' | 'screen' | undefined;
	/** Absent: there is only the one shown. */
	readonly contexts?: {
		list(): Promise<readonly ContextEntry[]>;
		/** Reaches one; whoever does not want it any more closes it. */
		open(name: string): Promise<Backend>;
		/** The same in all namespaces, and nothing is started for it. */
		peek(name: string): Promise<Backend>;
	};
	/** What muster's daemon here tends; absent: nobody knows. */
	readonly tended?: () => Promise<readonly TendedContext[]>;
	/** Stops muster as a shell's ctrl-z does, until it is continued. */
	stop(): Promise<void>;
};

function lacking(what: string): never {
	throw new ClusterError('unsupported', `this dashboard cannot ${what}`);
}

/** A dashboard that nothing was handed to. */
export const noPorts: Ports = {
	join: async () => lacking('give its terminal to a session'),
	run: async () => lacking('run programs'),
	runBehind: async () => lacking('run programs'),
	edit: async () => lacking('open an editor'),
	save: async () => lacking('write files'),
	read: async () => lacking('read files'),
	recall: () => undefined,
	keep() {},
	config: {read: async () => ({config: {}}), watch: () => () => {}},
	within: undefined,
	stop: async () => lacking('be stopped'),
};
