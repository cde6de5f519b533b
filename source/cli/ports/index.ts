import path from 'node:path';
import type {Home} from '../../backends/local/home.ts';
import type {Ports} from '../../views/ports.ts';
import {createConfigPort} from '../config/port.ts';
import {readConfig} from '../config/read.ts';
import {lazyFiles} from '../files/lazy.ts';
import {editText} from './edit.ts';
import {joinTerminal, pause, type Streams} from './join.ts';
import {keep, recall} from './keep.ts';
import {runBehind, runHere} from './programs.ts';
import {saveFile} from './save.ts';

export type PortsOptions = Streams & {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly home: Pick<Home, 'state' | 'config'>;
};

/** What the dashboard does outside, in the real world. */
export function createPorts({stdin, stdout, env, home}: PortsOptions): Ports {
	const streams = {stdin, stdout};
	return {
		join: async (session, options) => joinTerminal(streams, session, options),
		async run(program, {pauses = false} = {}) {
			const ended = await runHere(program, env);
			if (pauses || ended.code !== 0) {
				await pause(streams, ended.code === 0 ? '' : `\r\nIt ended with ${ended.signal ?? ended.code}.`);
			}

			return ended;
		},
		runBehind: async program => runBehind(program, env),
		edit: async (text, options) => editText(text, options, env),
		save: async (name, text) => {
			const {saveFolder = path.join(home.state, 'saved')} = (await readConfig(home.config)).config;
			return saveFile(saveFolder, name, text);
		},
		async read(file) {
			const {readFile} = await import('node:fs/promises');
			return readFile(file);
		},
		recall: name => recall(path.join(home.state, 'dashboard'), name),
		keep: (name, text) => keep(path.join(home.state, 'dashboard'), name, text),
		files: lazyFiles(process.cwd()),
		async listen(...args) {
			const {listen} = await import('../listen.ts');
			return listen(...args);
		},
		config: createConfigPort(home.config),
		within: env.TMUX ? 'tmux' : env.STY ? 'screen' : undefined,
		stop,
	};
}

/** So long it takes at most until a signal to this process has its effect. */
const effectMs = 200;

/** The whole process group, as the terminal's own ctrl-z does it. Where nobody could continue it, nothing happens. */
async function stop(): Promise<void> {
	// Whoever listens to it keeps it from having its effect.
	const listeners = process.listeners('SIGTSTP');
	process.removeAllListeners('SIGTSTP');
	await new Promise<void>(resolve => {
		const done = () => {
			clearTimeout(timer);
			process.off('SIGCONT', done);
			for (const listener of listeners) {
				process.on('SIGTSTP', listener);
			}

			resolve();
		};
		const timer = setTimeout(done, effectMs);
		process.once('SIGCONT', done);
		process.kill(0, 'SIGTSTP');
	});
}
