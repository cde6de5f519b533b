import {readFileSync} from 'node:fs';
import type {Agent} from 'node:http';
import type {ConnectionOptions} from 'node:tls';
import {isDeepStrictEqual} from 'node:util';
import {ClusterError} from '../../../core/error.ts';
import {clock} from '../clock.ts';
import {trustUsual} from './authorities.ts';
import type {ClusterEntry, UserEntry} from './kubeconfig.ts';
import type {PluginCredential} from './plugin.ts';

/** How one connection proves who is there and who asks. */
export type Credentials = {
	readonly headers: Readonly<Record<string, string>>;
	readonly tls: ConnectionOptions;
	/** Only where the way leads through a proxy. */
	readonly agent?: Agent;
};

export type CredentialSource = {
	/** Asked before each connection or request: plugins and files renew what they give. */
	get(): Promise<Credentials>;
	/** The server has refused them: the next ones are made anew. */
	forget(): void;
};

/**
 * What stands in the kubeconfig is used as it is. Identity providers and proxies are what @kubernetes/client-node
 * does; it takes half a second to load, which only who needs it pays.
 */
export function credentialSource(cluster: ClusterEntry, user: UserEntry): CredentialSource {
	const tls: ConnectionOptions = {
		...(cluster.authority && {ca: cluster.authority}),
		...(cluster.serverName && {servername: cluster.serverName}),
		...(cluster.insecure && {rejectUnauthorized: false}),
		...(user.cert && {cert: user.cert}),
		...(user.key && {key: user.key}),
	};
	const impersonation: Record<string, string> = user.impersonate ? {'impersonate-user': user.impersonate} : {};
	if (cluster.proxyUrl || user.authProvider) {
		return throughLibrary(cluster, user, impersonation);
	}

	if (user.exec) {
		return withPlugin(cluster, user.exec, {tls, headers: impersonation});
	}

	return {
		get: async () => ({tls, headers: {...impersonation, ...authorization(user)}}),
		forget() {},
	};
}

function authorization({token, tokenFile, username, password}: UserEntry): Record<string, string> {
	const bearer = tokenFile === undefined ? token : readToken(tokenFile);
	if (bearer) return {authorization: `Bearer ${bearer}`};
	return username ? {authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`} : {};
}

function readToken(file: string): string {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch (cause) {
		throw unreadable(file, cause);
	}
}

function unreadable(file: string, cause: unknown): ClusterError {
	return new ClusterError('usage', `the token file ${file} cannot be read`, {cause});
}

/** A program that the kubeconfig names writes what is to be used; it is asked again when that has run out. */
function withPlugin(
	cluster: ClusterEntry,
	exec: NonNullable<UserEntry['exec']>,
	{tls, headers}: Credentials,
): CredentialSource {
	const info = JSON.stringify({
		apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
		kind: 'ExecCredential',
		spec: {
			interactive: false,
			...(exec.provideClusterInfo === true && {
				cluster: {
					server: cluster.server,
					...(cluster.authority && {'certificate-authority-data': cluster.authority.toString('base64')}),
				},
			}),
		},
	});
	const same = keptAlike();
	let known: PluginCredential | undefined;
	let asking: Promise<PluginCredential> | undefined;
	async function ask(): Promise<PluginCredential> {
		try {
			const {askPlugin} = await import('./plugin.ts');
			known = await askPlugin(exec, info);
			return known;
		} finally {
			asking = undefined;
		}
	}

	return {
		async get() {
			const isGood = known !== undefined && (known.endsAt === undefined || known.endsAt > clock.now());
			// Who asks while the plugin runs gets what that brings: it may open a browser.
			if (!isGood) asking ??= ask();
			const {token, cert, key} = await (asking ?? (known as PluginCredential));
			return {
				tls: same({...tls, ...(cert && {cert}), ...(key && {key})}),
				headers: {...headers, ...(token && {authorization: `Bearer ${token}`})},
			};
		},
		forget() {
			known = undefined;
		},
	};
}

function throughLibrary(
	cluster: ClusterEntry,
	user: UserEntry,
	impersonation: Readonly<Record<string, string>>,
): CredentialSource {
	const base64 = (data: Buffer | undefined) => data?.toString('base64');
	const load = async () => {
		trustUsual();
		const {KubeConfig} = await import('@kubernetes/client-node/dist/config.js');
		const config = new KubeConfig();
		const provider = user.authProvider as {name?: string; config?: object} | undefined;
		config.loadFromOptions({
			clusters: [
				{
					name: 'cluster',
					server: cluster.server,
					caData: base64(cluster.authority),
					skipTLSVerify: cluster.insecure,
					tlsServerName: cluster.serverName,
					proxyUrl: cluster.proxyUrl,
				},
			],
			users: [
				{
					...{name: user.name, certData: base64(user.cert), keyData: base64(user.key), token: user.token},
					...{username: user.username, password: user.password, exec: user.exec, authProvider: provider},
				},
			],
			contexts: [{name: 'context', cluster: 'cluster', user: user.name}],
			currentContext: 'context',
		});
		return config;
	};
	let config: ReturnType<typeof load> | undefined;
	const same = keptAlike();
	let agent: Agent | undefined;
	return {
		async get() {
			config ??= load();
			const options: {headers?: Record<string, string>; agent?: Agent} & ConnectionOptions = {};
			await (await config).applyToHTTPSOptions(options as never);
			const {headers = {}, ca, cert, key, servername, rejectUnauthorized} = options;
			// It makes one each time: connections would be good for one request each.
			agent ??= keptAlive(options.agent);
			const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
			const given = user.tokenFile === undefined ? {} : authorization(user);
			return {
				headers: {...impersonation, ...lowered, ...given},
				...(agent && {agent}),
				tls: same({
					...(ca && {ca}),
					...(cert && {cert}),
					...(key && {key}),
					...(servername && {servername}),
					...(rejectUnauthorized === undefined ? {} : {rejectUnauthorized}),
				}),
			};
		},
		forget() {
			config = undefined;
			agent = undefined;
		},
	};
}

/** Its connections are used again. */
function keptAlive(agent: Agent | undefined): Agent | undefined {
	const {options = {}} = (agent ?? {}) as {readonly options?: object};
	return agent && Object.assign(agent, {keepAlive: true, options: {...options, keepAlive: true}});
}

/** The same object as long as it says the same: another one means other connections. */
function keptAlike(): (tls: ConnectionOptions) => ConnectionOptions {
	let kept: ConnectionOptions | undefined;
	return tls => {
		if (kept === undefined || !isDeepStrictEqual(kept, tls)) {
			kept = tls;
		}

		return kept;
	};
}
