import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import type {Home} from '../backends/local/home.ts';
import {
	goneTender,
	readTended,
	removeTendedState,
	tendedStamp,
	tendHolder,
	writeTendedState,
} from '../backends/local/tended.ts';
import type {Backend} from '../core/backend.ts';
import {toClusterError} from '../core/error.ts';
import {realClock} from '../daemon/clock.ts';
import {log} from '../daemon/log.ts';
import type {TendOptions} from './options.ts';
import type {Outcome, TenderState} from './ports.ts';
import {tend} from './tender.ts';

export type RunTenderOptions = {
	readonly home: Home;
	readonly context: string;
	open(context: string): Promise<Backend>;
};

const lookEveryMs = 1000;
/** Between two attempts to open a context that cannot be reached. */
const againMs = 5000;
const maxOutput = 65_536;

/** `muster tend CONTEXT`: until it is told to end, the daemon was stopped on purpose, or nobody asks for it any more. */
export async function runTender({home, context, open}: RunTenderOptions): Promise<number> {
	const ending = new AbortController();
	const {signal} = ending;
	for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(name, () => ending.abort());
	const asked = readTended(home)[context];
	if (asked === undefined) return 0;
	let stamp = tendedStamp(home);
	/** A daemon ends what is not asked for any more; but it may be gone, and the next one knows nothing of this process. */
	const isAsked = () => {
		if (tendedStamp(home) === stamp) return true;
		stamp = tendedStamp(home);
		return readTended(home)[context] !== undefined;
	};
	const watch = setInterval(() => {
		if (existsSync(home.stopped) || !existsSync(home.lock) || !isAsked()) ending.abort();
	}, lookEveryMs);
	const options = asked.options as TendOptions;
	// Its lease is not waited for.
	const pidBefore = goneTender(home, context);
	const holderBefore = pidBefore === undefined ? undefined : tendHolder(pidBefore);
	const report = (state: TenderState) => writeTendedState(home, context, {pid: process.pid, at: Date.now(), state});
	let said = '';
	while (!signal.aborted) {
		let backend: Backend | undefined;
		try {
			backend = await open(context);
			log(`tends ${context}`);
			const ports = {
				backend,
				clock: realClock,
				options,
				holder: tendHolder(process.pid),
				holderBefore,
				run,
				fetch: fetchText,
				log,
			};
			await tend(ports, report, signal);
		} catch (thrown) {
			const {message} = toClusterError(thrown);
			if (message !== said) log(message);
			said = message;
			report({owner: 'nobody', error: message, autoscale: {}});
			await pause(againMs, signal);
		} finally {
			backend?.close();
		}
	}

	clearInterval(watch);
	if (existsSync(home.lock)) removeTendedState(home, context);
	log(`tends ${context} no more`);
	return 0;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
	});
}

/** In a process group of its own, so that what it started ends with it when it takes too long. */
function run(command: string, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<Outcome> {
	const child = spawn('/bin/sh', ['-c', command], {
		env: {...process.env, ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	let [output, errors] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output = (output + text).slice(-maxOutput);
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		errors = (errors + text).slice(-maxOutput);
	});
	return new Promise(resolve => {
		const timer = setTimeout(() => {
			errors += ` it took longer than ${timeoutMs / 1000} s`;
			if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
		}, timeoutMs);
		child.on('error', error => {
			clearTimeout(timer);
			resolve({code: 127, output, errors: error.message});
		});
		child.on('close', code => {
			clearTimeout(timer);
			resolve({code: code ?? 1, output, errors});
		});
	});
}

async function fetchText(url: string, timeoutMs: number): Promise<string> {
	const answer = await fetch(url, {signal: AbortSignal.timeout(timeoutMs)});
	if (!answer.ok) throw new Error(`${url} answers with ${answer.status}`);
	return (await answer.text()).slice(0, maxOutput);
}
