import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {ContextEntry} from '../../../core/context.ts';
import {ClusterError} from '../../../core/error.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';
import {stripControl} from '../../../core/text/text.ts';
import {type Endpoint, endpointText, parseEndpoint, type TlsFiles} from './endpoint.ts';

/** As the docker command finds them: DOCKER_HOST, the contexts that it keeps, and the socket of this machine. */
export type DockerFiles = {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly homeFolder: string;
};

type Found = {readonly name: string; endpoint(): Endpoint};

const usualSocket = '/var/run/docker.sock';
const prefix = 'swarm:';

export function discoverContexts(files: DockerFiles): ContextEntry[] {
	const current = currentName(files);
	return allContexts(files).flatMap(({name, endpoint}) => {
		const text = attempt(() => endpointText(endpoint()));
		return text === undefined
			? []
			: [{name: `${prefix}${name}`, engine: 'swarm', endpoint: text, ...(name === current && {current: true})}];
	});
}

/** The context's own, and what MUSTER_SWARM_MANAGERS names besides, separated by commas. */
export function endpointsOf(context: string, files: DockerFiles): [Endpoint, ...Endpoint[]] {
	const endpoint = endpointOf(context, files);
	const tls = endpoint.type === 'tcp' ? endpoint.tls : undefined;
	const others = (files.env.MUSTER_SWARM_MANAGERS ?? '').split(',').filter(text => text.trim() !== '');
	return [endpoint, ...others.map(text => parseEndpoint(text.trim(), 'MUSTER_SWARM_MANAGERS', tls))];
}

/** Throws `not-found`, or `usage` where the files of the context are wrong. */
function endpointOf(context: string, files: DockerFiles): Endpoint {
	const name = context.slice(context.startsWith(prefix) ? prefix.length : 0);
	if (name.includes('://')) return parseEndpoint(name, 'the context', tlsFromEnv(files));
	const all = allContexts(files);
	const found = all.find(one => one.name === name);
	if (found !== undefined) return found.endpoint();
	const near = nearMiss(
		name,
		all.map(one => one.name),
	);
	throw new ClusterError('not-found', `there is no context ${JSON.stringify(stripControl(context))}`, {
		hint:
			near === undefined
				? 'muster context ls shows what there is; docker context create adds one, and swarm:tcp://HOST:PORT needs none'
				: `did you mean ${prefix}${near}?`,
	});
}

function allContexts(files: DockerFiles): Found[] {
	const {DOCKER_HOST: host} = files.env;
	return [
		...(host ? [{name: 'env', endpoint: () => parseEndpoint(host, 'DOCKER_HOST', tlsFromEnv(files))}] : []),
		...keptContexts(configFolder(files)),
		...(isThere(usualSocket) ? [{name: 'default', endpoint: (): Endpoint => ({type: 'unix', path: usualSocket})}] : []),
	];
}

function configFolder({env, homeFolder}: DockerFiles): string {
	return env.DOCKER_CONFIG || path.join(homeFolder, '.docker');
}

function currentName(files: DockerFiles): string {
	const {DOCKER_HOST, DOCKER_CONTEXT} = files.env;
	if (DOCKER_HOST) return 'env';
	const kept = attempt(
		() => (readJson(path.join(configFolder(files), 'config.json')) as {currentContext?: unknown}).currentContext,
	);
	return DOCKER_CONTEXT || (typeof kept === 'string' && kept !== '' ? kept : 'default');
}

/** Beside each meta.json lies, under the same folder name in `tls`, what the endpoint is reached with. */
function keptContexts(folder: string): Found[] {
	const contexts = path.join(folder, 'contexts');
	const ids = attempt(() => readdirSync(path.join(contexts, 'meta'))) ?? [];
	return ids
		.flatMap((id): Found[] => {
			const meta = attempt(() => readJson(path.join(contexts, 'meta', id, 'meta.json'))) as Meta | undefined;
			const name = meta?.Name;
			const host = meta?.Endpoints?.docker?.Host;
			if (typeof name !== 'string' || typeof host !== 'string') return [];
			const isUnchecked = meta?.Endpoints?.docker?.SkipTLSVerify === true;
			return [
				{name, endpoint: () => keptEndpoint(name, host, tlsIn(path.join(contexts, 'tls', id, 'docker')), isUnchecked)},
			];
		})
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Meta = {Name?: unknown; Endpoints?: {docker?: {Host?: unknown; SkipTLSVerify?: unknown}}};

function keptEndpoint(name: string, host: string, tls: TlsFiles | undefined, isUnchecked: boolean): Endpoint {
	if (isUnchecked) {
		throw new ClusterError(
			'usage',
			`the context ${stripControl(name)} does not check the certificate of ${stripControl(host)}`,
			{
				hint: 'muster does: recreate the context with its ca.pem, and without skip-tls-verify.',
			},
		);
	}

	return parseEndpoint(host, `the context ${stripControl(name)}`, tls);
}

function tlsFromEnv({env, homeFolder}: DockerFiles): TlsFiles | undefined {
	const {DOCKER_CERT_PATH, DOCKER_TLS_VERIFY, DOCKER_TLS} = env;
	if (!DOCKER_TLS_VERIFY && !DOCKER_TLS) return undefined;
	const folder = DOCKER_CERT_PATH || path.join(homeFolder, '.docker');
	const tls = tlsIn(folder);
	if (tls?.ca === undefined && DOCKER_TLS_VERIFY && DOCKER_CERT_PATH) {
		throw new ClusterError('usage', `DOCKER_CERT_PATH: there is no ca.pem in ${stripControl(folder)}`);
	}

	return tls ?? {};
}

function tlsIn(folder: string): TlsFiles | undefined {
	const read = (file: string) => attempt(() => readFileSync(path.join(folder, file), 'utf8'));
	const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')];
	return ca === undefined && cert === undefined && key === undefined
		? undefined
		: {...(ca && {ca}), ...(cert && {cert}), ...(key && {key})};
}

function readJson(file: string): unknown {
	return JSON.parse(readFileSync(file, 'utf8'));
}

function isThere(file: string): boolean {
	return attempt(() => statSync(file).isSocket()) ?? false;
}

function attempt<T>(run: () => T): T | undefined {
	try {
		return run();
	} catch {
		return undefined;
	}
}
