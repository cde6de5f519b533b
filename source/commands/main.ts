import type {Backend} from '../core/backend.ts';
import {ClusterError, errorCodes, toClusterError} from '../core/error.ts';
import {stripControl} from '../core/text/text.ts';
import {type Parsed, parse} from './arguments/parse.ts';
import type {SharedFlags} from './arguments/shared-flags.ts';
import {type Asked, findVerb} from './find-verb.ts';
import {nounHelp, topHelp, verbHelp} from './help.ts';
import type {Host} from './host.ts';
import type {Call, Verb} from './verb.ts';

export type MainOptions = {
	readonly host: Host;
	/** Full screen, where `muster` is called without a command on a terminal. */
	dashboard(call: Pick<Call, 'shared' | 'context'>): Promise<number>;
	/** Keeps the details of an error and answers with the file. */
	writeDebug(error: unknown): Promise<string>;
};

/** Runs one command line; answers with the exit status. Whatever goes wrong is said in a sentence. */
export async function main(argv: readonly string[], options: MainOptions): Promise<number> {
	const {host} = options;
	const opened: Array<Promise<Backend>> = [];
	let path = '';
	try {
		const asked = findVerb(argv);
		path = asked.type === 'verb' ? ` ${asked.path}` : '';
		return await run(asked, options, opened);
	} catch (error) {
		return await report(error, {path, argv, ...options});
	} finally {
		for (const backend of await Promise.allSettled(opened)) {
			if (backend.status === 'fulfilled') {
				backend.value.close();
			}
		}

		await host.stdout.drained();
	}
}

const bare: Verb = {operands: [], fields: {}, run: async () => 0};

async function run(asked: Asked, options: MainOptions, opened: Array<Promise<Backend>>): Promise<number> {
	const {host} = options;
	const verb = asked.type === 'verb' ? await asked.entry.load() : bare;
	const parsed = await parse(verb, asked.words);
	if (parsed.shared.help) {
		host.stdout.write(helpFor(asked, verb));
		return 0;
	}

	if (asked.type === 'noun') {
		host.stderr.write(helpFor(asked, verb));
		return errorCodes.usage.exit;
	}

	const call = createCall(asked.type === 'verb' ? asked.path : '', verb, parsed, {host, opened});
	if (asked.type === 'verb') {
		return verb.run(call);
	}

	if (host.stdout.isTTY && host.stdin.isTTY) {
		return options.dashboard(call);
	}

	const {startPage} = await import('./start-page.ts');
	return startPage(call);
}

function helpFor(asked: Asked, verb: Verb): string {
	switch (asked.type) {
		case 'verb':
			return verbHelp(asked.path, asked.entry.summary, verb);
		case 'noun':
			return nounHelp(asked.noun);
		case 'nothing':
			return topHelp();
	}
}

type Session = {readonly host: Host; readonly opened: Array<Promise<Backend>>};

function createCall(path: string, verb: Verb, {flags, shared, operands}: Parsed, {host, opened}: Session): Call {
	const context = async () => {
		try {
			return await host.contexts.choose(shared);
		} catch (thrown) {
			throw maybeContainer(toClusterError(thrown), verb, shared);
		}
	};
	return {
		host,
		path,
		flags,
		shared,
		operands,
		context,
		backend({autoStart} = {autoStart: true}) {
			const [first] = opened;
			if (first !== undefined) {
				return first;
			}

			const backend = (async () => {
				const {namespace, allNamespaces} = shared;
				return host.open(checked(await context(), shared), {autoStart, namespace, allNamespaces});
			})();
			opened.push(backend);
			return backend;
		},
		async command(words) {
			const asked = findVerb(words);
			if (asked.type !== 'verb') {
				throw new ClusterError('usage', `${JSON.stringify(stripControl(words.join(' ')))} is no whole command`);
			}

			const verb = await asked.entry.load();
			const inner = await parse(verb, asked.words);
			return {
				verb,
				call: createCall(asked.path, verb, {...inner, shared: {...shared, ...inner.shared}}, {host, opened}),
			};
		},
	};
}

/** kubectl's -c is a container. */
function maybeContainer(error: ClusterError, {fields}: Verb, {context}: SharedFlags): ClusterError {
	return error.code === 'not-found' && context !== undefined && 'container' in fields
		? new ClusterError(error.code, error.message, {
				hint: `name a container by --container ${stripControl(context)}: -c is --context`,
				cause: error,
			})
		: error;
}

/** Only Kubernetes has namespaces; all of them is also what an engine without any has. */
function checked(context: string, {namespace}: SharedFlags): string {
	if (namespace !== undefined && !context.startsWith('k8s:')) {
		throw new ClusterError('unsupported', `${context} has no namespaces: leave --namespace out`);
	}

	return context;
}

type Report = Pick<MainOptions, 'host' | 'writeDebug'> & {readonly path: string; readonly argv: readonly string[]};

async function report(thrown: unknown, {host, writeDebug, path, argv}: Report): Promise<number> {
	const {code, message, hint} = toClusterError(thrown);
	const said = new Set(path.split(' '));
	const names = new Set(argv.filter(word => !said.has(word)).map(word => word.split('=')[0] ?? ''));
	const lines = message.split('\n').map(line => stripControl(line).trimEnd());
	host.stderr.write(`muster${path}: ${sentence(lines.join('\n'), names)}\n`);
	const further = hint ?? (code === 'usage' && path !== '' ? `muster${path} --help tells what is allowed` : undefined);
	if (further !== undefined) {
		host.stderr.write(`${sentence(stripControl(further), names)}\n`);
	}

	if (argv.includes('--debug')) {
		host.stderr.write(`The details are in ${stripControl(await writeDebug(thrown))}.\n`);
	}

	return errorCodes[code].exit;
}

/** With a capital and a full stop, but where it is a command to be copied, or begins with a name as it was written. */
function sentence(text: string, names: ReadonlySet<string>): string {
	if (text.startsWith('muster ')) {
		return text;
	}

	const word = /^[a-z]+(?= )/.exec(text)?.[0];
	const first = word !== undefined && !names.has(word) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
	return /[.!?:…]$/.test(first) ? first : `${first}.`;
}
