import {spawn} from 'node:child_process';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';

/** A credential plugin, as the kubeconfig has it. */
export type Plugin = Readonly<Record<string, unknown>>;

/** What it has answered. */
export type PluginCredential = {
	readonly token: string | undefined;
	readonly cert: string | undefined;
	readonly key: string | undefined;
	/** When it has to be asked again; undefined: when the server refuses it. */
	readonly endsAt: number | undefined;
};

/** It may have opened a browser in which somebody logs in. */
const patienceMs = 5 * 60_000;
const maxBytes = 1_000_000;
const maxShown = 200;

/** Runs it, told `info`, and reads what it prints. Nobody can type into it: what asks a question finds the end of its input. */
export async function askPlugin(plugin: Plugin, info: string, limitMs = patienceMs): Promise<PluginCredential> {
	const {stdout, why} = await run(plugin, info, limitMs);
	if (why !== undefined) throw failed(plugin, why);
	const answer = parsed(plugin, stdout);
	const {token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp} = answer;
	if (!text(token) && !(text(cert) && text(key))) {
		throw failed(plugin, 'its answer has neither a token nor a certificate with its key');
	}

	const end = Date.parse(text(expirationTimestamp) ?? '');
	return {token: text(token), cert: text(cert), key: text(key), endsAt: Number.isNaN(end) ? undefined : end};
}

type Ran = {readonly stdout: string; readonly why?: string};

function run(plugin: Plugin, info: string, limitMs: number): Promise<Ran> {
	const command = String(plugin.command ?? '');
	if (command === '') return Promise.resolve({stdout: '', why: 'the kubeconfig names no command'});
	const args = Array.isArray(plugin.args) ? plugin.args.map(String) : [];
	const given = Array.isArray(plugin.env) ? (plugin.env as ReadonlyArray<{name?: unknown; value?: unknown}>) : [];
	const own = Object.fromEntries(given.map(({name, value}) => [String(name), String(value ?? '')]));
	return new Promise(resolve => {
		const child = spawn(command, args, {
			env: {...process.env, ...own, KUBERNETES_EXEC_INFO: info},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		// Who leaves meanwhile leaves nothing behind.
		const kill = () => child.kill();
		process.once('exit', kill);
		const tooLong = `it has not answered for ${Math.round(limitMs / 1000)} s`;
		let why: string | undefined;
		const timer = setTimeout(() => {
			why = tooLong;
			kill();
		}, limitMs);
		const end = (ran: Ran) => {
			clearTimeout(timer);
			process.off('exit', kill);
			resolve(why === undefined ? ran : {...ran, why});
		};
		let [stdout, stderr] = ['', ''];
		child.stdout.setEncoding('utf8').on('data', (data: string) => {
			if (stdout.length < maxBytes) stdout += data;
		});
		child.stderr.setEncoding('utf8').on('data', (data: string) => {
			stderr = (stderr + data).slice(-maxBytes);
		});
		child.on('error', (error: NodeJS.ErrnoException) => end({stdout, why: whyNot(command, error)}));
		child.on('close', (code, signal) => {
			const last = stderr.trim().split('\n').at(-1) ?? '';
			const how = signal === null ? `it ended with ${code}` : `it was ended by ${signal}`;
			end(code === 0 ? {stdout} : {stdout, why: last === '' ? how : last});
		});
	});
}

function whyNot(command: string, {code, message}: NodeJS.ErrnoException): string {
	if (code === 'ENOENT') return command.includes('/') ? 'there is no such program' : 'it is not on the PATH';
	return code === 'EACCES' ? 'it cannot be executed' : message;
}

function parsed(plugin: Plugin, stdout: string): Readonly<Record<string, unknown>> {
	const said = stripControl(stdout.trim().replaceAll(/\s+/g, ' ')).slice(0, maxShown);
	// One word may be a bare token, which nobody is shown.
	const shown = said === '' || said.includes(' ') ? said : 'a word';
	try {
		const {status} = JSON.parse(stdout) as {status?: Readonly<Record<string, unknown>>};
		return status ?? {};
	} catch (cause) {
		throw failed(
			plugin,
			shown === ''
				? 'it printed nothing'
				: `it printed no credential but ${shown === said ? JSON.stringify(shown) : shown}`,
			cause,
		);
	}
}

function failed({command, installHint}: Plugin, why: string, cause?: unknown): ClusterError {
	const given = text(installHint);
	const hint = given === undefined ? undefined : stripControl(given);
	const message = `the credential plugin ${stripControl(String(command))} failed: ${stripControl(why)}`;
	return new ClusterError('not-allowed', message, {hint, cause});
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
