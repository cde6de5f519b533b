import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const root = path.dirname(path.dirname(import.meta.dirname));
/** The installed command, launcher included. */
export const command = path.join(root, 'bin/muster');
export const nodejsImage = path.join(root, 'images/nodejs');

/** A muster with files of its own, for one measurement. */
export type BenchHome = {
	readonly folder: string;
	/** Runs a command to its end; throws with what it said when it fails. */
	run(...args: string[]): Promise<string>;
	/** `muster … -o json`, read. */
	json<T>(...args: string[]): Promise<T>;
	/** The pids of daemon, agents and gateway: what muster itself costs. */
	ownPids(): number[];
	/** Ends everything; `keepFiles`: and leaves its files for `remove`. */
	end(options?: {readonly keepFiles?: boolean}): Promise<void>;
	/** Its files. Of many, a file system takes minutes to forget: to make new ones meanwhile costs several times as much. */
	remove(): void;
};

export function openHome(): BenchHome {
	const folder = mkdtempSync(path.join(tmpdir(), 'mb-'));
	const env = {...process.env, MUSTER_HOME: folder, NO_COLOR: '1'};
	const run = (...args: string[]) => runCommand(env, args);
	const remove = () => rmSync(folder, {recursive: true, force: true});
	return {
		folder,
		run,
		json: async (...args) => JSON.parse(await run(...args, '-o', 'json')),
		ownPids: () => pidsOf(folder, /muster\0(daemon|agent|gateway)(\0|$)/),
		remove,
		async end({keepFiles = false} = {}) {
			spawnSync(command, ['daemon', 'stop', '--all', '--yes'], {env, timeout: 60_000});
			for (const pid of pidsOf(folder, /^/)) {
				process.kill(pid, 'SIGKILL');
			}

			if (!keepFiles) {
				remove();
			}
		},
	};
}

async function runCommand(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
	const child = spawn(command, args, {env, stdio: ['ignore', 'pipe', 'pipe']});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== 0) {
		throw new Error(`muster ${args.join(' ')} ended with ${code}: ${stderr}`);
	}

	return stdout;
}

/** Processes of this home whose command line (words separated by NUL) matches. */
function pidsOf(folder: string, pattern: RegExp): number[] {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(Number)
		.filter(pid => {
			try {
				const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
				return (
					environment.includes(`MUSTER_HOME=${folder}`) && pattern.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
				);
			} catch {
				return false;
			}
		});
}

/** Proportional set size of the processes together, in bytes: shared pages are counted once. */
export function pssBytes(pids: readonly number[]): number {
	return pids.reduce((sum, pid) => {
		const [, kilobytes = '0'] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
		return sum + Number(kilobytes) * 1024;
	}, 0);
}

export function nowMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}

/** Asks again until the answer is not undefined; throws after the deadline. */
export async function until<T>(
	what: string,
	deadlineMs: number,
	ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	const endMs = nowMs() + deadlineMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) {
			return answer;
		}

		if (nowMs() > endMs) {
			throw new Error(`${what}: not within ${deadlineMs} ms`);
		}

		await new Promise(resolve => setTimeout(resolve, 5));
	}
}
