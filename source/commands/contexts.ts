import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ContextEntry} from '../core/context.ts';
import {ClusterError} from '../core/error.ts';
import {nearMiss} from '../core/text/near-miss.ts';
import {stripControl} from '../core/text/text.ts';
import type {Contexts, NewContext} from './host.ts';

const comingEngines = ['swarm', 'k8s', 'mesos'];
const local = 'local';

export type ContextOptions = {
	/** The folder of the configuration; the file `context` in it names the one that was chosen for later. */
	readonly config: string;
	/** MUSTER_CONTEXT. */
	readonly fromEnv: string | undefined;
	/** How the local engine is reached. */
	readonly endpoint: string;
	/** The engines that there are, the local one too. */
	readonly engines: readonly string[];
	/** Local engines of other machines, which were added here. */
	readonly remote?: RemoteContexts;
	/** What other tools have configured; of one engine, or of all. */
	discover(engine?: string): Promise<readonly ContextEntry[]>;
};

export type RemoteContexts = {
	list(): Promise<readonly ContextEntry[]>;
	/** Throws `usage` or `conflict`; answers with the whole name. `dryRun`: only that. */
	add(options: NewContext): Promise<string>;
	remove(name: string): Promise<void>;
};

const noRemote: RemoteContexts = {
	list: async () => [],
	add: async () => Promise.reject(new ClusterError('unsupported', 'contexts cannot be added here')),
	remove: async () => {},
};

export function createContexts(options: ContextOptions): Contexts {
	const {config, fromEnv, endpoint, engines, discover, remote = noRemote} = options;
	const file = path.join(config, 'context');
	const named: Contexts['named'] = async ({context, backend}) => {
		if (context !== undefined && backend !== undefined) {
			throw new ClusterError('usage', '--context and --backend do not go together');
		}

		return context ?? (backend === undefined ? fromEnv || kept(file) || local : currentOf(backend));
	};

	async function currentOf(backend: string): Promise<string> {
		if (!engines.includes(backend)) {
			throw noEngine(backend, '--backend: ');
		}

		if (backend === local) {
			return local;
		}

		const found = await discover(backend);
		const current = found.find(entry => entry.current) ?? (found.length === 1 ? found[0] : undefined);
		if (current === undefined && found.length > 1) {
			const names = found.map(({name}) => stripControl(name)).join(', ');
			throw new ClusterError('not-found', `no context of ${backend} is the current one: name one by --context`, {
				hint: `there are ${names}`,
			});
		}

		if (current === undefined) {
			throw new ClusterError('not-found', `no context of ${backend} was found`, {hint: 'muster context ls'});
		}

		return current.name;
	}

	/** A name that was found by nobody goes through where its engine is known: the engine says what it lacks. */
	async function checked(name: string): Promise<string> {
		const [engine = '', ...rest] = name.split(':');
		return engine !== local && rest.length > 0 && engines.includes(engine) ? name : found(name);
	}

	/** Of those that there are: what is kept for later commands must be one. */
	async function found(name: string): Promise<string> {
		const [engine = ''] = name.split(':');
		if (name === local) {
			return name;
		}

		if (comingEngines.includes(engine) && !engines.includes(engine)) {
			throw noEngine(engine);
		}

		const known = [local, ...[...(await remote.list()), ...(await discover())].map(entry => entry.name)];
		if (known.includes(name)) {
			return name;
		}

		const full = known.filter(other => other.endsWith(`:${name}`));
		if (full.length === 1) {
			return full[0] as string;
		}

		const meant = full.length > 1 ? full.join(' or ') : nearMiss(name, known);
		throw new ClusterError('not-found', `there is no context ${JSON.stringify(stripControl(name))}`, {
			hint: meant === undefined ? 'muster context ls shows what there is' : `did you mean ${stripControl(meant)}?`,
		});
	}

	function noEngine(engine: string, flag = ''): ClusterError {
		return comingEngines.includes(engine)
			? new ClusterError('unsupported', `this version of muster has no engine for ${engine}: ${theOnlyOnes(engines)}`)
			: new ClusterError(
					'usage',
					`${flag}${JSON.stringify(stripControl(engine))} is not one of ${[...new Set([...engines, ...comingEngines])].join(', ')}`,
				);
	}

	return {
		list: async () => [{name: local, engine: local, endpoint}, ...(await remote.list()), ...(await discover())],
		add: added => remote.add(added),
		async remove(name, {dryRun}) {
			const known = await checked(name);
			if (!known.startsWith(`${local}:`)) {
				throw new ClusterError('conflict', `${known} was not added here: it is found by itself`);
			}

			if (!dryRun) {
				await remote.remove(known);
				if (kept(file) === known) {
					writeFileSync(file, `${local}\n`, {mode: 0o600});
				}
			}

			return known;
		},
		named,
		choose: async asked => checked(await named(asked)),
		find: found,
		use(name) {
			mkdirSync(config, {recursive: true, mode: 0o700});
			writeFileSync(file, `${name}\n`, {mode: 0o600});
		},
	};
}

function kept(file: string): string {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch {
		return '';
	}
}

function theOnlyOnes(engines: readonly string[]): string {
	return engines.length === 1 ? `${engines[0]} is the only one` : `there are ${engines.join(', ')}`;
}
