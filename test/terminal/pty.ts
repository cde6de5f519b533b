import pty from '@lydell/node-pty';
import {keyBytes, Screen, type Size} from './screen.ts';
import {until} from './virtual-terminal.ts';

/** A program in a terminal of its own, with the screen that a person would see. */
export type PtyProgram = {
	readonly pid: number;
	readonly screen: Screen;
	/** Keys by name, each in a write of its own. */
	press(...keys: readonly string[]): void;
	type(text: string): void;
	resize(size: Size): void;
	until(expected: string | RegExp | ((screen: Screen) => boolean), deadlineMs?: number): Promise<void>;
	kill(signal: string): void;
	/** The terminal goes away. */
	hangUp(): void;
	readonly exited: Promise<{readonly exitCode: number; readonly signal: number | undefined}>;
};

export type PtyOptions = Size & {
	readonly env: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** All that it writes, as it does. */
	output?: ((data: string) => void) | undefined;
};

export function openPty(command: string, args: readonly string[], options: PtyOptions): PtyProgram {
	const {columns, rows, env, cwd, output} = options;
	const screen = new Screen({columns, rows});
	const program = pty.spawn(command, [...args], {
		cols: columns,
		rows,
		name: 'xterm-256color',
		env: {PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env},
		...(cwd === undefined ? {} : {cwd}),
	});
	program.onData(data => {
		screen.feed(data);
		output?.(data);
	});
	const exited = new Promise<{exitCode: number; signal: number | undefined}>(resolve => {
		program.onExit(({exitCode, signal}) => resolve({exitCode, signal}));
	});
	return {
		pid: program.pid,
		screen,
		press(...keys) {
			for (const key of keys) program.write(keyBytes(key));
		},
		type: text => program.write(text),
		resize(size) {
			screen.resize(size);
			program.resize(size.columns, size.rows);
		},
		until: (expected, deadlineMs = 10_000) => until(screen, expected, deadlineMs),
		kill: signal => program.kill(signal),
		hangUp() {
			(program as unknown as {destroy(): void}).destroy();
		},
		exited,
	};
}
