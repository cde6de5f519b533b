import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {keyBytes, Screen, type Size} from './screen.ts';

/** A terminal in this process: what Ink takes for stdin and stdout, and the screen behind. */
export type VirtualTerminal = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly screen: Screen;
	/** Keys by name, each in a read of its own. */
	press(...keys: readonly string[]): void;
	/** Characters in one read. */
	type(text: string): void;
	resize(size: Size): void;
	/** Waits until the screen is as asked; fails with what was seen instead. */
	until(expected: string | RegExp | ((screen: Screen) => boolean), deadlineMs?: number): Promise<void>;
	/** The other side is gone. */
	hangUp(): void;
};

export function createVirtualTerminal(size: Size): VirtualTerminal {
	const screen = new Screen(size);
	const stdout = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns: size.columns,
		rows: size.rows,
		writable: true,
		write(data: string, ...rest: unknown[]): boolean {
			screen.feed(data);
			const done = rest.find(argument => typeof argument === 'function') as (() => void) | undefined;
			if (done) queueMicrotask(done);
			return true;
		},
	});
	const stdin = Object.assign(new PassThrough(), {
		isTTY: true,
		isRaw: false,
		setRawMode(isRaw: boolean) {
			stdin.isRaw = isRaw;
			return stdin;
		},
		ref: () => stdin,
		unref: () => stdin,
	});
	return {
		stdin: stdin as unknown as NodeJS.ReadStream,
		stdout: stdout as unknown as NodeJS.WriteStream,
		screen,
		press(...keys) {
			for (const key of keys) stdin.write(keyBytes(key));
		},
		type(text) {
			stdin.write(text);
		},
		resize({columns, rows}) {
			screen.resize({columns, rows});
			stdout.columns = columns;
			stdout.rows = rows;
			stdout.emit('resize');
		},
		until: (expected, deadlineMs) => until(screen, expected, deadlineMs),
		hangUp() {
			stdin.end();
		},
	};
}

export async function until(
	screen: Screen,
	expected: string | RegExp | ((screen: Screen) => boolean),
	deadlineMs = 5000,
): Promise<void> {
	const isThere = () =>
		typeof expected === 'function'
			? expected(screen)
			: typeof expected === 'string'
				? screen.text.includes(expected)
				: expected.test(screen.text);
	const endsAt = performance.now() + deadlineMs;
	for (;;) {
		await screen.settled();
		if (isThere()) return;
		if (performance.now() > endsAt) {
			throw new Error(`Not seen within ${deadlineMs} ms: ${String(expected)}\n${frame(screen.lines)}`);
		}

		await new Promise(resolve => setTimeout(resolve, 5));
	}
}

/** A screen's lines with a border, for messages and goldens. */
export function frame(lines: readonly string[]): string {
	return lines.map(line => `│${line}`).join('\n');
}
