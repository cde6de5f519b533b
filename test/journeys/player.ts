import {mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {bundle} from '../terminal/bundle.ts';
import {openPty, type PtyProgram} from '../terminal/pty.ts';
import {mouseBytes, type Screen, type Size} from '../terminal/screen.ts';
import {frame} from '../terminal/virtual-terminal.ts';
import {type Control, openControl} from './control.ts';
import type {Journey, Step, Verb} from './journey.ts';
import {readSeen, type Seen} from './keys-pressed.ts';

/** The program of the journeys, which tells what keys do in it. */
export async function bundleDashboard(): Promise<string> {
	const module = path.resolve(import.meta.dirname, '../../source/views/input/dispatch.ts');
	const by = path.join(import.meta.dirname, 'recorded-dispatch.ts');
	return bundle(path.join(import.meta.dirname, 'scripted-dashboard.ts'), [{module, by}]);
}

export type PlayOptions = {
	/** What `bundleDashboard` answers. */
	readonly program: string;
	/** Before each step: a person who watches needs time. */
	before?(step: Step): Promise<void>;
	/** The keys that were pressed, when the journey is over. */
	pressed?(keys: readonly Seen[]): void;
	/** What the program writes to its terminal, as it does. */
	output?(data: string): void;
	/** Instead of the size that the journey begins with. */
	readonly size?: Size;
};

/** What a journey is played on. */
type Stage = {readonly pty: PtyProgram; readonly control: Control; readonly folder: string; close(): void};

/** Plays a journey; throws where what must be seen is not. `after` has the terminal as the last step left it. */
export async function play(
	{steps}: Journey,
	options: PlayOptions,
	after: (pty: PtyProgram) => Promise<void> = async () => {},
): Promise<void> {
	const size = steps.find(({verb}) => verb === 'size');
	const on = steps.find(({verb}) => verb === 'on')?.rest ?? 'small';
	const first = options.size ?? (size === undefined ? {columns: 80, rows: 24} : sizeOf(size.rest));
	const stage = await openStage(on, first, options);
	try {
		for (const step of steps) {
			await options.before?.(step);
			await take(stage, step);
		}

		await after(stage.pty);
		options.pressed?.(readSeen(path.join(stage.folder, 'keys.ndjson')));
	} finally {
		stage.close();
	}
}

async function openStage(on: string, size: Size, {program, output}: PlayOptions): Promise<Stage> {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-j'));
	const control = await openControl(folder);
	// A shell that asks for pasted text itself hides who has left it so.
	const inputrc = path.join(folder, 'inputrc');
	writeFileSync(inputrc, 'set enable-bracketed-paste off\n');
	const env = {
		JOURNEY_SOCKET: control.socketPath,
		JOURNEY_FOLDER: folder,
		EDITOR: `sh ${folder}/editor.sh`,
		PS1: 'shell$ ',
		INPUTRC: inputrc,
	};
	const isInShell = on.startsWith('shell');
	const words = on.split(/\s+/);
	const start = [process.execPath, program, ...words.slice(isInShell ? 1 : 0)];
	const pty = isInShell
		? openPty('bash', ['--norc', '--noprofile', '-i'], {...size, env, cwd: folder, output})
		: openPty(process.execPath, start.slice(1), {...size, env, cwd: folder, output});
	if (isInShell) {
		await pty.until('shell$');
		pty.type(`${start.join(' ')}\r`);
	}

	// Pasted text is asked for in the same go as keys.
	await pty.until(({modes, isAlternate}) => isAlternate && modes.bracketsPaste);
	return {
		pty,
		control,
		folder,
		close() {
			try {
				process.kill(pty.pid, 'SIGKILL');
			} catch {}

			control.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

async function take(stage: Stage, step: Step): Promise<void> {
	try {
		await acts[step.verb](stage, step.rest);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		throw new Error(`line ${step.line}: ${step.verb} ${step.rest}\n${message}`, {cause: error});
	}
}

type Act = (stage: Stage, rest: string) => Promise<unknown> | unknown;

const acts: Readonly<Record<Verb, Act>> = {
	/** `on small`, `on empty`, `on demo 300`, `on crowd 2000`, with `--read-only` and the like; `on shell`: in a shell. */
	on() {},
	/** `size 120x40`; of several the program, which is held meanwhile, sees the last one only. */
	size({pty}, rest) {
		const [size = '', ...others] = rest.split(' ');
		if (others.length > 0) {
			process.kill(pty.pid, 'SIGSTOP');
		}

		for (const one of [size, ...others]) {
			pty.resize(sizeOf(one));
		}

		if (others.length > 0) {
			process.kill(pty.pid, 'SIGCONT');
		}
	},
	/** Keys by name, each in a write of its own: `press j space enter`. */
	press({pty}, rest) {
		pty.press(...rest.split(/\s+/));
	},
	/** Characters in one write; `\e` is escape, `\r` enter. */
	type({pty}, rest) {
		pty.type(unescaped(rest));
	},
	paste({pty}, rest) {
		pty.type(`\x1b[200~${unescaped(rest)}\x1b[201~`);
	},
	/** On the first place where the text is. */
	async click({pty}, rest) {
		await pty.until(rest);
		const row = pty.screen.lines.findIndex(line => line.includes(rest));
		const column = pty.screen.lines[row]?.indexOf(rest) ?? 0;
		pty.type(mouseBytes(0, row, column) + mouseBytes(0, row, column, true));
	},
	/** `wheel down 3`: so many notches, in the middle of the screen. */
	wheel({pty}, rest) {
		const [direction, notches = '1'] = rest.split(' ');
		const row = Math.floor(pty.screen.lines.length / 2);
		pty.type(mouseBytes(direction === 'up' ? 64 : 65, row, 10).repeat(Number(notches)));
	},
	/** Another program writes to the terminal, in the middle of the screen. */
	scribble({pty}, rest) {
		const row = Math.floor(pty.screen.lines.length / 2);
		pty.screen.feed(`\x1b[${row};10H${rest}`);
	},
	/** Until the text, or the `/expression/`, is on the screen. */
	see: ({pty}, rest) => pty.until(screen => isSeen(screen, rest)),
	/** Until it is not on the screen any more. */
	gone: ({pty}, rest) => pty.until(screen => !isSeen(screen, rest)),
	/** Until the cursor is on the row that begins with these words. */
	row: ({pty}, rest) => pty.until(({lines}) => lines.some(line => `${line.trimStart()} `.startsWith(`▸ ${rest} `))),
	/** `cluster disconnect`, `cluster put service web replicas 3`: see control.ts. */
	cluster: ({control}, rest) => control.order(rest),
	/** What the editor does from now on, as a shell script; $1 is the file. */
	editor({folder}, rest) {
		writeFileSync(path.join(folder, 'editor.sh'), rest);
	},
	/** What the config file says from now on. */
	config({folder}, rest) {
		writeFileSync(path.join(folder, 'config.new'), rest);
		renameSync(path.join(folder, 'config.new'), path.join(folder, 'config.yaml'));
	},
	/** Until something was written to the cluster that contains the text. */
	wrote: ({pty, control}, rest) => pty.until(() => control.writes.some(write => write.includes(rest))),
	/** So many writes so far, and no more. */
	'only wrote'({control}, rest) {
		if (control.writes.length !== Number(rest)) {
			throw new Error(`Written: ${control.writes.join('\n') || 'nothing'}`);
		}
	},
	/** To the dashboard, also where a shell has started it. */
	async signal({pty, control}, rest) {
		await pty.until(() => control.pid !== undefined);
		process.kill(control.pid ?? pty.pid, rest);
	},
	'hang up': ({pty}) => pty.hangUp(),
	/** Until the program has ended; with a number, with this status. */
	async ends({pty}, rest) {
		const {exitCode} = await within(pty, pty.exited);
		if (rest !== '' && exitCode !== Number(rest)) {
			throw new Error(`Ended with ${exitCode}`);
		}

		// A terminal that is gone says no more of its program.
		await pty.until(() => !isAlive(pty.pid));
	},
	/** Until the terminal is as it was before. */
	restored: ({pty}) => pty.until(screen => screen.isRestored),
};

function isSeen({text}: Screen, wanted: string): boolean {
	const [, expression] = /^\/(.+)\/$/.exec(wanted) ?? [];
	return expression === undefined ? text.includes(wanted) : new RegExp(expression, 'm').test(text);
}

const deadlineMs = 10_000;

async function within<T>(pty: PtyProgram, promise: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`Still there:\n${frame(pty.screen.lines)}`)), deadlineMs);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

function sizeOf(text: string): Size {
	const [columns = 80, rows = 24] = text.split('x').map(Number);
	return {columns, rows};
}

function unescaped(text: string): string {
	return text.replaceAll('\\e', '\x1b').replaceAll('\\r', '\r');
}
