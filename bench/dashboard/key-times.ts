import pty from '@lydell/node-pty';
import {nowMs} from '../local/home.ts';

const keys = 200;
const warmUps = 30;
/** As fast as somebody types, and so that frames do not meet. */
const pauseMs = 40;

/** From each key to the frame that shows what it did, on 200×50. `first` is typed before. */
export async function keyTimes(program: string, args: readonly string[], first = ''): Promise<number[]> {
	const child = pty.spawn(process.execPath, [program, ...args], {
		cols: 200,
		rows: 50,
		name: 'xterm-256color',
		env: process.env as Record<string, string>,
	});
	let listen: (data: string) => void = () => {};
	child.onData(data => listen(data));
	const until = (expected: RegExp | string, ms = 30_000) =>
		new Promise<void>((resolve, reject) => {
			let seen = '';
			const timer = setTimeout(
				() => reject(new Error(`not seen: ${expected} in ${JSON.stringify(seen.slice(-2000))}`)),
				ms,
			);
			listen = data => {
				seen += data;
				if (typeof expected === 'string' ? seen.includes(expected) : expected.test(seen)) {
					clearTimeout(timer);
					listen = () => {};
					resolve();
				}
			};
		});
	const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
	try {
		await until(/\? *\S* ?help/);
		await pause(1000);
		if (first !== '') {
			// A column that only the instances have: of a line that begins as before, only the rest is written.
			const arrived = until('ENDPOINT');
			child.write(first);
			await arrived;
		}

		const times: number[] = [];
		let row = 0;
		for (let index = -warmUps; index < keys; index++) {
			// Twenty down, twenty up.
			const step = Math.floor((index + warmUps) / 20) % 2 === 0 ? 1 : -1;
			row += step;
			const drawn = until(`▸ svc-0000.${row + 1}`);
			const startedMs = nowMs();
			child.write(step === 1 ? 'j' : 'k');
			await drawn;
			if (index >= 0) {
				times.push(nowMs() - startedMs);
			}

			await pause(pauseMs);
		}

		return times;
	} finally {
		child.kill('SIGKILL');
	}
}
