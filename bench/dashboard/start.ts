import pty from '@lydell/node-pty';
import {nowMs} from '../local/home.ts';

type Env = Readonly<Record<string, string>>;

function open(program: string, args: readonly string[], env: Env) {
	return pty.spawn(program, [...args], {
		cols: 200,
		rows: 50,
		name: 'xterm-256color',
		env: {...(process.env as Env), ...env, NO_COLOR: '1'},
	});
}

/** From start to end, in a terminal as the dashboard is. */
export async function runMs(program: string, args: readonly string[]): Promise<number> {
	const startedMs = nowMs();
	const child = open(program, args, {});
	await new Promise<void>(resolve => {
		child.onExit(() => resolve());
	});
	return nowMs() - startedMs;
}

/** From start until services, header and hints are on the screen. */
export async function firstFrameMs(program: string, args: readonly string[], env: Env): Promise<number> {
	const startedMs = nowMs();
	const child = open(program, args, env);
	const exited = new Promise<void>(resolve => {
		child.onExit(() => resolve());
	});
	const ms = await new Promise<number>((resolve, reject) => {
		let seen = '';
		const timer = setTimeout(
			() => reject(new Error(`no complete frame: ${JSON.stringify(seen.slice(0, 2000))}`)),
			20_000,
		);
		child.onData(data => {
			seen += data;
			if (['3 nodes', 'worker', '? help'].every(text => seen.includes(text))) {
				clearTimeout(timer);
				resolve(nowMs() - startedMs);
			}
		});
	});
	child.kill('SIGTERM');
	await exited;
	return ms;
}
