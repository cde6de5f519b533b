import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import type {DockerFiles} from '../connection/contexts.ts';

/** What a registry is told, as the engine hands it on to the nodes that pull. */
export type RegistryAuth = {
	readonly username?: string;
	readonly password?: string;
	readonly identitytoken?: string;
	readonly serveraddress: string;
};

type DockerConfig = {
	readonly auths?: Readonly<Record<string, {readonly auth?: string; readonly identitytoken?: string}>>;
	readonly credsStore?: string;
	readonly credHelpers?: Readonly<Record<string, string>>;
};

const hubKey = 'https://index.docker.io/v1/';
const helperTimeoutMs = 10_000;

/** `registry.example:5000/team/app:1` → `registry.example:5000`; without a registry, Docker Hub's key. */
export function registryOf(image: string): string {
	const [first = '', ...rest] = image.split('/');
	const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
	return !isHost || first === 'docker.io' || first === 'index.docker.io' ? hubKey : first;
}

/** The user's credentials for an image's registry, from docker's configuration and its helpers; undefined: none are kept. */
export async function authFor(image: string, files: DockerFiles): Promise<RegistryAuth | undefined> {
	const config = readConfig(files);
	const registry = registryOf(image);
	const helper = config.credHelpers?.[registry] ?? config.credsStore;
	return (helper === undefined ? undefined : await fromHelper(helper, registry)) ?? fromFile(config, registry);
}

function readConfig({env, homeFolder}: DockerFiles): DockerConfig {
	try {
		const folder = env.DOCKER_CONFIG || path.join(homeFolder, '.docker');
		return JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as DockerConfig;
	} catch {
		return {};
	}
}

function fromFile({auths = {}}: DockerConfig, registry: string): RegistryAuth | undefined {
	const entry = auths[registry] ?? auths[`https://${registry}`] ?? auths[`https://${registry}/v1/`];
	if (entry?.identitytoken) return {identitytoken: entry.identitytoken, serveraddress: registry};
	const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(entry?.auth ?? '', 'base64').toString()) ?? [];
	return username === undefined || password === undefined ? undefined : {username, password, serveraddress: registry};
}

/** docker-credential-NAME get, which reads the registry's name and answers with JSON. */
async function fromHelper(name: string, registry: string): Promise<RegistryAuth | undefined> {
	if (!/^[\w.-]+$/.test(name)) return undefined;
	try {
		const run = promisify(execFile)(`docker-credential-${name}`, ['get'], {timeout: helperTimeoutMs});
		run.child.stdin?.end(registry);
		const {Username = '', Secret = ''} = JSON.parse((await run).stdout) as {Username?: string; Secret?: string};
		if (Secret === '') return undefined;
		return Username === '<token>'
			? {identitytoken: Secret, serveraddress: registry}
			: {username: Username, password: Secret, serveraddress: registry};
	} catch {
		// It keeps none for this registry, or is not there.
		return undefined;
	}
}
