import {discoverContexts, engineNames, openContext, type Surroundings} from '../backends/index.ts';
import {type Home, ownHome} from '../backends/local/home.ts';
import {createContexts} from '../commands/contexts.ts';
import type {Host} from '../commands/host.ts';
import {main} from '../commands/main.ts';
import {toClusterError} from '../core/error.ts';
import {stripControl} from '../core/text/text.ts';
import {realClock} from '../daemon/clock.ts';
import {backupsOf} from './backups.ts';
import {lazyConfig} from './config/lazy.ts';
import {daemonControl} from './daemon-control.ts';
import {lazyFiles} from './files/lazy.ts';
import {remoteContextsOf} from './remote-contexts.ts';
import {createInput, createInterrupt, createOutput} from './streams.ts';

/** One command of a user's, in the real world; answers with the exit status. */
export async function runCommand(argv: readonly string[], version: string): Promise<number> {
	const home = ownHome();
	for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(event, error => {
			process.stderr.write(`muster: ${stripControl(toClusterError(error).message)}\n`);
			process.exit(1);
		});
	}

	const host = createHost(home, version);
	// A command that waits for a moment, such as for a server that is busy, has nothing open: its end would look like success.
	const alive = setInterval(() => {}, longestMs);
	return main(argv, {
		host,
		async writeDebug(error) {
			const {writeDebugFile} = await import('./debug-file.ts');
			return writeDebugFile(error, {folder: home.logs, argv, version});
		},
		async dashboard({shared, context}) {
			const {namespace, allNamespaces, readOnly = false, noColor = false, noMouse = false} = shared;
			const chosen = await context();
			const {dashboard} = await import('./dashboard.ts');
			return dashboard({
				home,
				context: chosen,
				surroundings: surroundings(),
				namespace,
				allNamespaces,
				who: host.user,
				readOnly,
				colour: !noColor,
				mouse: !noMouse,
			});
		},
	}).finally(() => clearInterval(alive));
}

/** What a timer can wait. */
const longestMs = 2 ** 31 - 1;

function createHost(home: Home, version: string): Host {
	const {env} = process;
	let interrupted: AbortSignal | undefined;
	return {
		...realClock,
		version,
		stdout: createOutput(1),
		stderr: createOutput(2),
		stdin: createInput(),
		env,
		cwd: process.cwd(),
		get user() {
			return userName();
		},
		random: Math.random,
		// Whoever does not ask is ended by ctrl-c at once.
		get interrupted() {
			interrupted ??= createInterrupt();
			return interrupted;
		},
		contexts: createContexts({
			config: home.config,
			fromEnv: env.MUSTER_CONTEXT,
			endpoint: home.socket,
			engines: engineNames,
			remote: remoteContextsOf(home),
			discover: engine =>
				discoverContexts(engine, surroundings(), (unread, {message}) => {
					process.stderr.write(`muster: no contexts of ${unread} are known: ${stripControl(message)}\n`);
				}),
		}),
		open: (context, {autoStart, ...options}) =>
			openContext(context, {...surroundings(), ...options}, {home, autoStart}),
		daemon: daemonControl(home, version),
		backups: backupsOf(home, version),
		async report() {
			const {reportFacts} = await import('./report-facts.ts');
			return reportFacts(home, version, userName());
		},
		config: lazyConfig(home.config),
		async demo(request) {
			const {demo} = await import('./demo.ts');
			return demo(request, userName(), home);
		},
		journal: {
			async record(entry) {
				const {createJournalFile} = await import('./journal-file.ts');
				await createJournalFile(home.journal).record(entry);
			},
			async read() {
				const [{createJournalFile}, {readJournals}] = await Promise.all([
					import('./journal-file.ts'),
					import('./journals.ts'),
				]);
				return readJournals(createJournalFile(home.journal), createJournalFile(home.accessLog));
			},
		},
		files: lazyFiles(process.cwd()),
		async listen(...args) {
			const {listen} = await import('./listen.ts');
			return listen(...args);
		},
		async readBytes(file) {
			const {readFile} = await import('node:fs/promises');
			return readFile(file);
		},
		async readFile(file) {
			const {readFile} = await import('node:fs/promises');
			return readFile(file, 'utf8');
		},
		async writeNew(file, content) {
			const {writeFile} = await import('node:fs/promises');
			await writeFile(file, content, {mode: 0o600, flag: 'wx'});
		},
		async edit(text, options) {
			const {editText} = await import('./ports/edit.ts');
			return editText(text, options, process.env);
		},
		async ask(question, options) {
			const {ask} = await import('./ask.ts');
			return ask({input: process.stdin, output: process.stderr}, question, options);
		},
	};
}

function surroundings(): Surroundings {
	const {env} = process;
	return {env, homeFolder: env.HOME ?? '', cwd: process.cwd()};
}

/** Who changes something; a user without a name has a number. */
function userName(): string {
	try {
		return process.getBuiltinModule('node:os').userInfo().username;
	} catch {
		return String(process.getuid?.() ?? 'unknown');
	}
}
