import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {isObject} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {Environment} from './environment.ts';
import {proxyFor} from './proxy.ts';

export type ClusterEntry = {
	readonly server: string;
	readonly authority: Buffer | undefined;
	/** As it stands in the file: nothing of muster's sets it. */
	readonly insecure: boolean;
	readonly serverName: string | undefined;
	readonly proxyUrl: string | undefined;
};

export type UserEntry = {
	readonly name: string;
	readonly cert: Buffer | undefined;
	readonly key: Buffer | undefined;
	readonly token: string | undefined;
	/** Read again at each use, since it is renewed there. */
	readonly tokenFile: string | undefined;
	readonly username: string | undefined;
	readonly password: string | undefined;
	readonly impersonate: string | undefined;
	/** A credential plugin, as the file has it. */
	readonly exec: Readonly<Record<string, unknown>> | undefined;
	readonly authProvider: Readonly<Record<string, unknown>> | undefined;
};

export type KubeContext = {
	readonly name: string;
	readonly namespace: string | undefined;
	readonly cluster: string;
	readonly user: string;
	/** The file that names it. */
	readonly file: string;
};

export type KubeConfig = {
	readonly contexts: readonly KubeContext[];
	readonly current: string | undefined;
	cluster(name: string): ClusterEntry;
	user(name: string): UserEntry;
};

const usualAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
export const inClusterName = 'in-cluster';

type Entry = {readonly name: string; readonly file: string; readonly value: Readonly<Record<string, unknown>>};

/** Parses YAML; handed in, since loading a parser is most of what reading such a file takes. */
export type ParseYaml = (text: string) => unknown;

/** Which files: those of KUBECONFIG, else the one in the home folder. */
export function kubeconfigFiles(env: Environment): readonly string[] {
	const list = (env.KUBECONFIG ?? '').split(path.delimiter).filter(file => file !== '');
	return list.length > 0 ? list : env.HOME ? [path.join(env.HOME, '.kube', 'config')] : [];
}

/** All files as one: of entries with the same name the first counts, as kubectl has it. */
export function readKubeconfig(env: Environment, parse: ParseYaml, serviceAccount = usualAccount): KubeConfig {
	const files = kubeconfigFiles(env).filter(file => existsSync(file));
	const read = files.map(file => ({file, config: readFile(file, parse)}));
	const all = (list: string, member: string) =>
		read.flatMap(({file, config}) => entriesOf(config[list], member, file)).filter(isFirst);
	const contexts = all('contexts', 'context').map(contextOf);
	const current = read.map(({config}) => text(config['current-context'])).find(name => name);
	if (contexts.length === 0 && env.KUBERNETES_SERVICE_HOST && existsSync(`${serviceAccount}/token`)) {
		return inCluster(env, serviceAccount);
	}

	const [clusters, users] = [all('clusters', 'cluster'), all('users', 'user')];
	return {
		contexts,
		current,
		cluster: name => clusterOf(found(clusters, name, 'cluster'), env),
		user: name => (name === '' ? noUser : userOf(found(users, name, 'user'))),
	};
}

function readFile(file: string, parse: ParseYaml): Readonly<Record<string, unknown>> {
	let config: unknown;
	try {
		config = parse(readFileSync(file, 'utf8'));
	} catch (error) {
		// The parser goes on with the lines that it means.
		const why = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/:$/, '') ?? '';
		throw broken(file, why, error);
	}

	if (config === null || config === undefined) return {};
	if (!isObject(config)) throw broken(file, 'it is not a mapping');
	return config;
}

function broken(file: string, why: string, cause?: unknown): ClusterError {
	return new ClusterError('usage', `the kubeconfig ${stripControl(file)} cannot be read: ${stripControl(why)}`, {
		cause,
	});
}

function entriesOf(list: unknown, member: string, file: string): Entry[] {
	if (list === undefined || list === null) return [];
	if (!Array.isArray(list)) throw broken(file, `${member}s is not a list`);
	return list.flatMap((entry: unknown): Entry[] => {
		const name = isObject(entry) ? text(entry.name) : undefined;
		if (name === undefined) throw broken(file, `an entry of ${member}s has no name`);
		const value = isObject(entry) ? entry[member] : undefined;
		return [{name, file, value: isObject(value) ? value : {}}];
	});
}

function isFirst({name}: Entry, index: number, entries: readonly Entry[]): boolean {
	return entries.findIndex(entry => entry.name === name) === index;
}

function found(entries: readonly Entry[], name: string, what: string): Entry {
	const entry = entries.find(one => one.name === name);
	if (entry === undefined) {
		throw new ClusterError('usage', `the kubeconfig has no ${what} ${JSON.stringify(stripControl(name))}`);
	}

	return entry;
}

function contextOf({name, file, value}: Entry): KubeContext {
	return {
		name,
		file,
		namespace: text(value.namespace) || undefined,
		cluster: text(value.cluster) ?? '',
		user: text(value.user) ?? '',
	};
}

function clusterOf({name, file, value}: Entry, env: Environment): ClusterEntry {
	const server = text(value.server) ?? '';
	if (!/^https?:\/\//.test(server)) {
		throw broken(file, `cluster ${name}: server must begin with https:// or http://, found ${JSON.stringify(server)}`);
	}

	return {
		server: server.replace(/\/+$/, ''),
		authority: fileOrData(value, 'certificate-authority', file),
		insecure: value['insecure-skip-tls-verify'] === true,
		serverName: text(value['tls-server-name']),
		proxyUrl: text(value['proxy-url']) || proxyFor(server, env),
	};
}

function userOf({name, file, value}: Entry): UserEntry {
	const tokenFile = text(value.tokenFile);
	return {
		name,
		cert: fileOrData(value, 'client-certificate', file),
		key: fileOrData(value, 'client-key', file),
		token: text(value.token),
		tokenFile: tokenFile === undefined ? undefined : path.resolve(path.dirname(file), tokenFile),
		username: text(value.username),
		password: text(value.password),
		impersonate: text(value.as),
		exec: isObject(value.exec) ? value.exec : undefined,
		authProvider: isObject(value['auth-provider']) ? value['auth-provider'] : undefined,
	};
}

const noUser: UserEntry = {
	name: '',
	cert: undefined,
	key: undefined,
	token: undefined,
	tokenFile: undefined,
	username: undefined,
	password: undefined,
	impersonate: undefined,
	exec: undefined,
	authProvider: undefined,
};

/** Data in the file itself counts before the name of another file, which is taken from the folder of this one. */
function fileOrData(value: Readonly<Record<string, unknown>>, key: string, file: string): Buffer | undefined {
	const data = text(value[`${key}-data`]);
	if (data) return Buffer.from(data, 'base64');
	const named = text(value[key]);
	if (!named) return undefined;
	const whole = path.resolve(path.dirname(file), named);
	try {
		return readFileSync(whole);
	} catch (cause) {
		throw broken(file, `${key} ${whole}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
	}
}

/** From inside a pod: the account that it runs as. */
function inCluster(
	{KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443'}: Environment,
	serviceAccount: string,
): KubeConfig {
	const namespace = readIfThere(`${serviceAccount}/namespace`)?.toString('utf8').trim();
	return {
		contexts: [{name: inClusterName, namespace, cluster: '', user: '', file: serviceAccount}],
		current: inClusterName,
		cluster: () => ({
			server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
			authority: readIfThere(`${serviceAccount}/ca.crt`),
			insecure: false,
			serverName: undefined,
			proxyUrl: undefined,
		}),
		user: () => ({...noUser, name: inClusterName, tokenFile: `${serviceAccount}/token`}),
	};
}

function readIfThere(file: string): Buffer | undefined {
	return existsSync(file) ? readFileSync(file) : undefined;
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
