import {type Instance, render} from 'ink';
import type {Executor} from '../actions/execute.ts';
import type {Clock} from '../core/clock.ts';
import {App} from './app.tsx';
import {followConfig} from './config/follow.ts';
import {point} from './input/mouse.ts';
import {withoutMouse} from './input/mouse-reports.ts';
import type {Collections} from './live/collections.ts';
import {noPorts, type Ports} from './ports.ts';
import {allScreens} from './screens.ts';
import type {About, Size} from './state.ts';
import {suspend} from './terminal/suspend.ts';
import {modesOff, modesOn, Terminal} from './terminal/terminal.ts';
import type {Theme} from './theme.ts';
import {Ui} from './ui.ts';
import type {Wish} from './wish.ts';

export type ShowOptions = {
	readonly executor: Executor;
	readonly collections: Collections;
	readonly clock: Clock;
	readonly theme: Theme;
	readonly ports?: Ports;
	/** Whether a mouse is listened to from the start. */
	readonly mouse?: boolean;
	readonly screen?: string | undefined;
	readonly about?: About | undefined;
	readonly filter?: string | undefined;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
};

/** How long an empty terminal is better than half a frame. */
const patienceMs = 150;

/** Draws until it is left, the terminal hangs up, or a signal ends it; then the terminal is set back. */
export async function showDashboard({
	stdin,
	stdout,
	ports = noPorts,
	mouse = true,
	...options
}: ShowOptions): Promise<Wish | undefined> {
	const terminal = new Terminal({stdin, stdout});
	const size = sizeOf(stdout);
	const ui = new Ui({...options, ports, terminal, screens: allScreens(), size, leave: () => leave()});
	// A frame that is drawn again at once with what was missing is one too many.
	const [config] = await Promise.all([ports.config.read(), options.collections.read(patienceMs)]);
	const endConfig = followConfig(ui, ports, config);
	const unsubscribe = options.collections.subscribe(() => ui.changed());
	let resizes = 0;
	const resized = () => {
		resizes++;
		ui.resize(sizeOf(stdout));
		// At once: Ink draws the frame it has as soon as it hears of the size, and it would be too large.
		instance.rerender(<App ui={ui} />);
	};
	// Another size and back before anybody looked: Node tells of no change, and what the terminal cut off is gone.
	const signalled = () => {
		const before = resizes;
		queueMicrotask(() => resizes === before && redraw(terminal));
	};
	// Stopped, also by a signal that nobody can hear, and continued: a shell has made the terminal its own meanwhile, and
	// whoever does not have it is told of no other size.
	const continued = () => {
		redraw(terminal);
		process.emit('SIGWINCH', 'SIGWINCH');
	};
	process.prependListener('SIGWINCH', signalled);
	process.on('SIGCONT', continued);
	stdout.prependListener('resize', resized);
	stdout.on('error', ignore);
	// Before the terminal is another: what ends the process in between would leave it so.
	const ends = watchForEnds(ui);
	stdout.write(modesOn);
	terminal.hasMouse = mouse && ui.settings.mouse;
	const instance = render(<App ui={ui} />, {
		stdin: withoutMouse(stdin, report => terminal.hasMouse && point(ui, report)),
		stdout,
		alternateScreen: true,
		exitOnCtrlC: false,
		incrementalRendering: true,
		interactive: true,
		// Collections are quiet between two looks anyway; what a frame waits for here, a key waits for twice (drawn, then written).
		maxFps: 500,
		patchConsole: false,
	});
	options.collections.readOn();
	const leave = () => instance.unmount();
	stdin.once('end', leave);
	stdin.once('close', leave);
	ends.started(instance);
	try {
		await instance.waitUntilExit();
	} finally {
		unsubscribe();
		endConfig();
		ui.close();
		stdin.off('end', leave);
		stdin.off('close', leave);
		process.off('SIGWINCH', signalled);
		process.off('SIGCONT', continued);
		stdout.off('resize', resized);
		terminal.hasMouse = false;
		stdout.write(modesOff);
		ends.close();
	}

	ends.passOn();
	return ui.wish;
}

/** All of it, as after a program that had the terminal; whoever has it now redraws when he has done. */
function redraw(terminal: Terminal): void {
	if (!terminal.isGiven) {
		void terminal.handOver(async () => {});
	}
}

const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
const failures = ['uncaughtException', 'unhandledRejection'] as const;

/** Signals and failures end the dashboard first, and then have the effect that they would have had without it. */
function watchForEnds(ui: Ui): {started(instance: Instance): void; close(): void; passOn(): void} {
	const {terminal} = ui;
	let instance: Instance | undefined;
	let received: NodeJS.Signals | undefined;
	let failure: {readonly thrown: unknown} | undefined;
	const onSignal = (signal: NodeJS.Signals) => {
		// ctrl-c in a program that has the terminal reaches its whole process group, and is meant for that program.
		if (signal === 'SIGINT' && terminal.isGiven) {
			return;
		}

		received = signal;
		instance?.unmount();
	};
	const onFailure = (thrown: unknown) => {
		failure ??= {thrown};
		instance?.unmount();
	};
	// Of ctrl-\ there is nothing to do but to survive it while another program has the terminal.
	const onQuit = () => {
		if (!terminal.isGiven) {
			onSignal('SIGQUIT');
		}
	};
	// A stop from outside: the terminal is handed back first, where nobody else has it.
	const onStop = () => (terminal.isGiven ? void ui.ports.stop() : suspend(ui));
	for (const signal of signals) {
		process.on(signal, onSignal);
	}

	process.on('SIGQUIT', onQuit);
	process.on('SIGTSTP', onStop);

	// Whoever listened to them before would end the process with the terminal as it is.
	const others = failures.map(event => ({event, listeners: process.listeners(event as 'uncaughtException')}));
	for (const event of failures) {
		process.removeAllListeners(event);
		process.on(event, onFailure);
	}

	return {
		started(started) {
			instance = started;
			if (received !== undefined || failure !== undefined) {
				instance.unmount();
			}
		},
		close() {
			for (const signal of signals) {
				process.off(signal, onSignal);
			}

			process.off('SIGQUIT', onQuit);
			process.off('SIGTSTP', onStop);

			for (const {event, listeners} of others) {
				process.off(event, onFailure);
				for (const listener of listeners) {
					process.on(event, listener);
				}
			}
		},
		passOn() {
			if (failure !== undefined) {
				throw failure.thrown;
			}

			if (received !== undefined) {
				process.kill(process.pid, received);
			}
		},
	};
}

function ignore(): void {}

/** A terminal that does not say its size is taken for the smallest usual one. */
function sizeOf({columns, rows}: {readonly columns?: number; readonly rows?: number}): Size {
	return {columns: columns || 80, rows: rows || 24};
}
