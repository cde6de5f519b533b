import type {Backend} from '../core/backend.ts';
import type {ContextEntry} from '../core/context.ts';
import {ClusterError, toClusterError} from '../core/error.ts';
import type {Home} from './local/home.ts';

/** What engines look at to find their contexts and to reach them. */
export type Surroundings = {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The user's, for the files of other tools. */
	readonly homeFolder: string;
	readonly cwd: string;
};

export type OpenOptions = Surroundings & {
	/** Kubernetes: this one, else the context's own. */
	readonly namespace?: string | undefined;
	readonly allNamespaces?: boolean | undefined;
};

/** What the folder of an engine answers with. */
export type Engine = {
	/** The contexts that other tools have configured; none is connected to. */
	discover(surroundings: Surroundings): Promise<readonly ContextEntry[]>;
	/** Throws `not-found` where no context is called so, `unreachable` where it does not answer. */
	open(context: string, options: OpenOptions): Promise<Backend>;
};

/** Every engine but the local one, by the beginning of its contexts' names; loaded on use. */
const engines: Readonly<Record<string, () => Promise<Engine>>> = {
	swarm: () => import('./swarm/index.ts'),
	k8s: () => import('./k8s/index.ts'),
};

export const engineNames: readonly string[] = ['local', ...Object.keys(engines)];

/**
 * The contexts of one engine, or of all. Of all, an engine whose configuration cannot be read has none here, and `unread` is told
 * why; of one, that is thrown.
 */
export async function discoverContexts(
	engine: string | undefined,
	surroundings: Surroundings,
	unread: (engine: string, error: ClusterError) => void = () => {},
): Promise<ContextEntry[]> {
	const asked = Object.entries(engines).filter(([name]) => engine === undefined || name === engine);
	const found = await Promise.allSettled(
		asked.map(async ([, load]) => {
			const {discover} = await load();
			return discover(surroundings);
		}),
	);
	return found.flatMap((result, index) => {
		if (result.status === 'fulfilled') return result.value;
		if (engine !== undefined) throw result.reason;
		unread(asked[index]?.[0] ?? '', toClusterError(result.reason));
		return [];
	});
}

export type LocalAccess = {readonly home: Home; readonly autoStart: boolean};

/** Opens any context by its name. */
export async function openContext(name: string, options: OpenOptions, local: LocalAccess): Promise<Backend> {
	if (name === 'local') {
		const {openLocal} = await import('./local/index.ts');
		return openLocal({...local, cwd: options.cwd, path: options.env.PATH ?? ''});
	}

	if (name.startsWith('local:')) {
		const {openRemote} = await import('./local/client/remote.ts');
		return openRemote(local.home, name);
	}

	const load = engines[name.split(':')[0] ?? ''];
	if (load === undefined) {
		throw new ClusterError('not-found', `there is no context ${JSON.stringify(name)}`);
	}

	const {open} = await load();
	return open(name, options);
}
