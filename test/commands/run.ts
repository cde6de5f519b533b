import type {JournalEntry} from '../../source/actions/journal/journal.ts';
import {createContexts} from '../../source/commands/contexts.ts';
import type {Host} from '../../source/commands/host.ts';
import {main} from '../../source/commands/main.ts';
import type {Backend, Facets} from '../../source/core/backend.ts';
import {realClock} from '../../source/daemon/clock.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createScriptedCluster, type ScriptedCluster} from '../helpers/scripted-cluster.ts';

export type Given = {
	/** A cluster as text, see cluster-text.ts. */
	readonly cluster?: string;
	readonly facets?: Partial<Facets>;
	/** Of a context that was tended: who was in charge of it and was killed. */
	readonly untended?: {readonly left: string | undefined};
	/** A real engine instead. */
	open?(): Promise<Backend>;
	/** Standard input is no terminal, and holds this. */
	readonly typed?: string;
	/** Standard output and error are a terminal, so wide. */
	readonly columns?: number;
	/** Standard input is a terminal, too, and this is typed when asked. */
	readonly answer?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly files?: Readonly<Record<string, string>>;
	/** Files that commands have written. */
	readonly written?: Record<string, string>;
	/** What is made of a text in an editor. */
	readonly edit?: (text: string) => string;
	/** Files of this machine that are there, of 5 bytes each. Where it is given, ports can be listened on, too. */
	readonly local?: readonly string[];
	/** Called when the last port that was asked for is listened on. */
	readonly listening?: () => void;
	/** What this machine and muster's logs say for a report. */
	readonly report?: Host['report'];
	/** Ctrl-c. */
	readonly interrupted?: AbortSignal;
	/** Called when a change was made and recorded. */
	/** What the journal holds. */
	readonly entries?: readonly JournalEntry[];
	readonly recorded?: (cluster: ScriptedCluster) => void;
	/** Called when standard error was first written to. */
	readonly drawn?: (cluster: ScriptedCluster) => void;
};

export type Ran = {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly writes: readonly string[];
	/** What was recorded. */
	readonly journal: readonly string[];
	/** The same whole, with what was there before. */
	readonly entries: readonly JournalEntry[];
};

/** Nothing comes but what is given, and then the end. */
function typing(text: string | undefined): Host['stdin']['onData'] {
	return listener => {
		if (text !== undefined) {
			queueMicrotask(() => {
				listener(Buffer.from(text));
				listener(undefined);
			});
		}

		return () => {};
	};
}

/** Runs a command line in a world of its own; it is 1970-01-01, and what was created is as old as its text says. */
export async function run(line: string | readonly string[], given: Given = {}): Promise<Ran> {
	const text = readCluster(given.cluster ?? '');
	const cluster = createScriptedCluster([...text.services, ...text.nodes, ...text.instances], given.facets);
	const written = {stdout: '', stderr: ''};
	const journal: string[] = [];
	const entries: JournalEntry[] = [...(given.entries ?? [])];
	const output = (name: 'stdout' | 'stderr') => ({
		write(data: string | Uint8Array) {
			if (name === 'stderr' && written.stderr === '') given.drawn?.(cluster);
			written[name] += typeof data === 'string' ? data : Buffer.from(data).toString();
		},
		drained: async () => {},
		isTTY: given.columns !== undefined,
		columns: given.columns ?? 80,
		rows: 24,
		onResize: () => () => {},
	});
	const host: Host = {
		...realClock,
		...(given.report && {report: given.report}),
		now: () => text.now,
		random: () => 0,
		version: '1.2.3',
		stdout: output('stdout'),
		stderr: output('stderr'),
		stdin: {isTTY: given.answer !== undefined, setRaw: () => {}, onData: typing(given.typed)},
		env: given.env ?? {},
		cwd: '/home/ann',
		user: 'ann',
		interrupted: given.interrupted ?? new AbortController().signal,
		contexts: createContexts({
			config: '/nowhere',
			fromEnv: given.env?.MUSTER_CONTEXT,
			endpoint: '/run/sock',
			engines: ['local'],
			discover: async () => [],
		}),
		async open() {
			return given.open === undefined ? cluster : given.open();
		},
		daemon: {
			status: async () => ({running: false, onPurpose: false}),
			start: async () => true,
			stop: async () => true,
			running: async () => ({version: '0.1.0', isOther: false}),
			upgrade: async () => undefined,
			unit: async () => '[Unit]\n',
			install: async () => '/units/muster.service',
			tend: async () => {},
			untend: async () => given.untended,
			tended: async () => [],
		},
		async demo(request) {
			written.stdout += `the demo ${JSON.stringify(request)}`;
			return 0;
		},
		journal: {
			record(entry) {
				journal.push(`${entry.who}: ${entry.command}`);
				entries.push(entry);
				given.recorded?.(cluster);
			},
			read: async () => entries,
		},
		...(given.local && thisMachine(given.local, given.listening)),
		async readBytes(file) {
			return Buffer.from(await this.readFile(file), 'latin1');
		},
		async readFile(file) {
			const found = given.files?.[file];
			if (found === undefined) throw Object.assign(new Error('no such file'), {code: 'ENOENT'});
			return found;
		},
		...(given.edit && {edit: async (text: string) => given.edit?.(text) ?? text}),
		async writeNew(file, content) {
			if (given.written?.[file] !== undefined) throw Object.assign(new Error('is there'), {code: 'EEXIST'});
			if (given.written) given.written[file] = content;
		},
		async ask(question) {
			written.stderr += question;
			return given.answer ?? '';
		},
	};
	const code = await main(typeof line === 'string' ? line.split(' ').filter(word => word !== '') : line, {
		host,
		dashboard: async () => {
			written.stdout += 'the dashboard';
			return 0;
		},
		writeDebug: async () => '/logs/debug.txt',
	});
	return {code, ...written, writes: cluster.writes, journal, entries};
}

function thisMachine(there: readonly string[], listening = () => {}): Pick<Host, 'files' | 'listen'> {
	return {
		files: {
			resolve: file => `/here/${file}`.replace(/\/\.$/, ''),
			stat: async file => (file === '/here' ? 'folder' : there.includes(file.slice(6)) ? 'file' : undefined),
			async *pack(_, name, seen = () => {}) {
				seen(5);
				yield Buffer.from(name);
			},
			async unpack(_, archive) {
				await Array.fromAsync(archive);
				return {files: 2, bytes: 7, skipped: []};
			},
		},
		async listen(_, port) {
			setImmediate(listening);
			return {port: port || 40_000, close() {}};
		},
	};
}
