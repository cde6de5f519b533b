import type {LocalFiles} from '../actions/instance/local-files.ts';
import type {Journal} from '../actions/journal/journal.ts';
import type {Backend, ComponentHealth} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import type {ContextEntry} from '../core/context.ts';
import type {ReportFacts} from '../core/report/report.ts';
import type {TendRequest} from '../core/tend/request.ts';
import type {TendedContext} from '../core/tend/tended.ts';
import type {Listen} from '../live/port-forward.ts';

/** What a command writes to; a terminal says how wide it is. */
export type Output = {
	write(data: string | Uint8Array): void;
	/** When more can be taken; for what may print without end. */
	drained(): Promise<void>;
	readonly isTTY: boolean;
	readonly columns: number;
	readonly rows: number;
	/** The size has changed; the answer ends it. */
	onResize(listener: () => void): () => void;
};

/** What a command reads from; raw: every key comes at once, unseen by the terminal's line editing. */
export type InputStream = {
	readonly isTTY: boolean;
	setRaw(raw: boolean): void;
	/** Calls with what arrives, and with undefined at the end; the answer stops the reading. */
	onData(listener: (data: Uint8Array | undefined) => void): () => void;
};

export type DaemonState =
	| {readonly running: false; readonly onPurpose: boolean}
	| {
			readonly running: true;
			readonly version: string;
			readonly pid: number;
			/** Milliseconds since 1970. */
			readonly startedAt: number;
			readonly home: string;
			readonly health: readonly ComponentHealth[];
	  };

/** The local daemon, apart from its API. */
export type DaemonControl = {
	status(): Promise<DaemonState>;
	/** False: it ran already. */
	start(): Promise<boolean>;
	/** False: nothing ran. */
	stop(options: {all: boolean}): Promise<boolean>;
	/** What runs, and whether it is another version; undefined: nothing runs. */
	running(): Promise<{readonly version: string; readonly isOther: boolean} | undefined>;
	/** This version in the place of the one that runs; undefined: it runs already. */
	upgrade(options: {
		readonly force: boolean;
		readonly agents: boolean;
		readonly gateway: boolean;
		readonly say: (sentence: string) => void;
	}): Promise<{readonly from: string; readonly to: string} | undefined>;
	/** The systemd user unit, as text. */
	unit(): Promise<string>;
	/** Writes a systemd user unit and answers with its path. */
	install(): Promise<string>;
	/** Has a context tended, also after the daemon's next start. */
	tend(context: string, request: TendRequest): Promise<void>;
	/** Undefined: it was not. `left`: under which name a process was in charge that was killed, and could not give that back. */
	untend(context: string): Promise<{readonly left: string | undefined} | undefined>;
	tended(): Promise<readonly TendedContext[]>;
};

/** The local engine of another machine. */
export type NewContext = {
	readonly name: string;
	/** `tcp://HOST:PORT`. */
	readonly host: string;
	/** What `muster access create` printed there. */
	readonly identity: string;
	/** Only looks whether it could be. */
	readonly dryRun: boolean;
};

export type PackedFiles = {
	readonly files: number;
	readonly bytes: number;
	/** Became shorter while they were read. */
	readonly torn: readonly string[];
};

/** Backups of the local engine's state, and of what its volumes hold. */
export type Backups = {
	/** Throws `conflict` where the file is there already. */
	backup(options: {readonly file: string; readonly volumes: boolean}): Promise<PackedFiles>;
	/** Changes nothing; throws where it cannot be restored here and now. */
	planRestore(file: string): Promise<{
		readonly version: string;
		readonly createdAt: number;
		readonly hasVolumes: boolean;
		/** There is a state already, which would be put aside. */
		readonly replaces: boolean;
	}>;
	restore(file: string): Promise<{readonly services: number; readonly aside: string | undefined}>;
	backupVolume(folder: string, file: string): Promise<PackedFiles>;
	/** Whether it holds nothing yet; throws where the file cannot be read. */
	planVolume(folder: string, file: string): Promise<boolean>;
	/** Answers with how many things came back. */
	restoreVolume(folder: string, file: string): Promise<number>;
};

export type Contexts = {
	list(): Promise<readonly ContextEntry[]>;
	/** By --context, --backend, MUSTER_CONTEXT, `context use`, else local; whether there is one is not looked at. */
	named(asked: {readonly context?: string | undefined; readonly backend?: string | undefined}): Promise<string>;
	/** The same, with the engine before the name. Throws `not-found` or `unsupported` where there is none. */
	choose(asked: {readonly context?: string | undefined; readonly backend?: string | undefined}): Promise<string>;
	/** Its whole name. Throws `not-found` also where only its engine would know that it lacks it. */
	find(name: string): Promise<string>;
	/** Keeps it for later commands. */
	use(name: string): void;
	/** Answers with its whole name. */
	add(context: NewContext): Promise<string>;
	/** Only what was added; answers with its whole name. */
	remove(name: string, options: {readonly dryRun: boolean}): Promise<string>;
};

export type OpenHow = {
	readonly autoStart: boolean;
	readonly namespace?: string | undefined;
	readonly allNamespaces?: boolean | undefined;
};

/** What the demo is to show; see source/demo/options.ts. */
export type DemoRequest = {
	readonly instances: number;
	readonly nodes: number;
	readonly changesPerSecond: number;
	readonly seed: number;
	readonly readOnly: boolean;
	readonly colour: boolean;
	readonly mouse: boolean;
};

export type ConfigControl = {
	readonly file: string;
	/** All that is wrong with it, each with file and line; none where there is no file. */
	check(): Promise<readonly string[]>;
	/** Its JSON Schema. */
	schema(): Promise<unknown>;
	/** What keys can be bound to: `services.restart`, its keys, what it does. */
	keys(): Promise<ReadonlyArray<{readonly name: string; readonly keys: readonly string[]; readonly help: string}>>;
	/** What may be done in a context. Throws `usage` where the file cannot be understood. */
	policy(context: string): Promise<{readonly readOnly: boolean; readonly typedFor: ReadonlySet<string>}>;
};

/** The world around the commands: cli.tsx makes the real one, tests their own. */
export type Host = Clock & {
	readonly version: string;
	readonly stdout: Output;
	readonly stderr: Output;
	readonly stdin: InputStream;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	/** Who is recorded as the one who changed something. */
	readonly user: string;
	random(): number;
	/** Aborts at ctrl-c; a second one ends the program at once. */
	readonly interrupted: AbortSignal;
	readonly contexts: Contexts;
	/** `autoStart`: starts the local daemon where none runs. */
	open(context: string, options: OpenHow): Promise<Backend>;
	readonly daemon: DaemonControl;
	/** Absent: there is no local engine here. */
	readonly backups?: Backups;
	/** For a bug report: of the machine, and what muster said here last. */
	readonly report?: () => Promise<ReportFacts>;
	/** The dashboard on a simulated cluster, until it is left; answers with the exit status. */
	demo(request: DemoRequest): Promise<number>;
	/** The config file; loaded on use. Absent: nothing is configured. */
	readonly config?: ConfigControl;
	readonly journal: Journal;
	/** Files of this machine to copy. */
	readonly files?: LocalFiles;
	/** Ports of this machine. */
	readonly listen?: Listen;
	readFile(path: string): Promise<string>;
	readBytes(path: string): Promise<Uint8Array>;
	/** For its owner only; fails where the file is there. Absent: no file can be written here. */
	writeNew?(path: string, content: string): Promise<void>;
	/** Opens a text in the user's editor and answers with what was made of it. Absent: there is none here. */
	edit?(text: string, options: {readonly suffix: string}): Promise<string>;
	/** Asks on the terminal; the answer is a line. */
	ask(question: string, options?: {readonly isHidden?: boolean}): Promise<string>;
};
