import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {Backend} from '../../../core/backend.ts';
import type {ContextEntry} from '../../../core/context.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {Home} from '../home.ts';
import {localBackend} from '../index.ts';
import {writeWhole} from '../system/write-whole.ts';
import {connectRemote} from './connect.ts';
import type {RemoteEndpoint} from './endpoint.ts';

export type RemoteOptions = {
	readonly name: string;
	/** `tcp://HOST:PORT`. */
	readonly host: string;
	/** PEM: certificate, key, and the authority's certificate. */
	readonly identity: string;
};

type Kept = {readonly host: string; readonly identity: string};

const prefix = 'local:';
const namePattern = /^[a-z0-9]([-a-z0-9._]*[a-z0-9])?$/;

/** Daemons of other machines that contexts were made for; a file that is damaged is told of when it is used. */
export function remoteContexts({contexts}: Pick<Home, 'contexts'>): ContextEntry[] {
	return filesIn(contexts).flatMap(file => {
		const name = prefix + file.slice(0, -'.json'.length);
		try {
			return [{name, engine: 'local', endpoint: read(contexts, name).host}];
		} catch {
			return [{name, engine: 'local', endpoint: '(damaged)'}];
		}
	});
}

function filesIn(folder: string): string[] {
	try {
		return readdirSync(folder)
			.filter(file => file.endsWith('.json') && namePattern.test(file.slice(0, -5)))
			.toSorted();
	} catch {
		return [];
	}
}

/** Throws `usage` where something of it is wrong, `conflict` where the name is taken. Nothing is connected to. */
export function checkRemote({contexts}: Pick<Home, 'contexts'>, {name, host, identity}: RemoteOptions): RemoteEndpoint {
	const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
	if (!namePattern.test(short) || short.length > 63) {
		throw new ClusterError(
			'usage',
			`NAME: must be of a-z, 0-9, "-", "." and "_", found ${JSON.stringify(stripControl(name))}`,
		);
	}

	if (filesIn(contexts).includes(`${short}.json`)) {
		throw new ClusterError('conflict', `there is a context ${prefix}${short} already`, {
			hint: `Remove it first: muster context rm ${prefix}${short}`,
		});
	}

	return endpointOf(prefix + short, {host, identity});
}

/** Answers with its name. */
export function addRemote(home: Pick<Home, 'contexts'>, options: RemoteOptions): string {
	const {name} = checkRemote(home, options);
	mkdirSync(home.contexts, {recursive: true, mode: 0o700});
	const {host, identity} = options;
	writeWhole(fileOf(home.contexts, name), `${JSON.stringify({host, identity} satisfies Kept, undefined, '\t')}\n`);
	return name;
}

export function removeRemote({contexts}: Pick<Home, 'contexts'>, name: string): void {
	read(contexts, name);
	rmSync(fileOf(contexts, name));
}

/** The local engine of another machine, by TCP. */
export async function openRemote({contexts}: Pick<Home, 'contexts'>, name: string): Promise<Backend> {
	const endpoint = endpointOf(name, read(contexts, name));
	const {X509Certificate} = process.getBuiltinModule('node:crypto');
	const {validTo} = new X509Certificate(endpoint.certificate);
	if (Date.parse(validTo) < Date.now()) {
		throw new ClusterError('not-allowed', `the certificate for ${name} has expired on ${validTo}`, {
			hint: 'An admin of that daemon makes a new one: muster access rotate. Then remove the context here, and add it again.',
		});
	}

	return localBackend(await connectRemote(endpoint), undefined);
}

function fileOf(folder: string, name: string): string {
	return path.join(folder, `${name.slice(prefix.length)}.json`);
}

function read(folder: string, name: string): Kept {
	if (!namePattern.test(name.slice(prefix.length))) {
		throw missing(name);
	}

	let text: string;
	try {
		text = readFileSync(fileOf(folder, name), 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			throw missing(name);
		}

		throw error;
	}

	const kept = parse(text);
	if (!kept) {
		throw new ClusterError('failed', `${fileOf(folder, name)} is damaged`, {
			hint: 'Remove it, and add the context again.',
		});
	}

	return kept;
}

function parse(text: string): Kept | undefined {
	try {
		const {host, identity} = JSON.parse(text) as Partial<Record<string, unknown>>;
		return typeof host === 'string' && typeof identity === 'string' ? {host, identity} : undefined;
	} catch {
		return undefined;
	}
}

function missing(name: string): ClusterError {
	return new ClusterError('not-found', `there is no context ${JSON.stringify(stripControl(name))}`, {
		hint: 'muster context ls shows what there is',
	});
}

function endpointOf(name: string, {host, identity}: Kept): RemoteEndpoint {
	return {name, ...readHost(host), ...readIdentity(identity)};
}

function readHost(text: string): {readonly host: string; readonly port: number} {
	const [, host = '', digits = ''] = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})\/?$/.exec(text) ?? [];
	const port = Number(digits);
	if (host === '' || port < 1 || port > 65_535) {
		throw new ClusterError('usage', `--host: must be tcp://HOST:PORT, found ${JSON.stringify(stripControl(text))}`);
	}

	return {host: host.replaceAll(/[[\]]/g, ''), port};
}

/** What `muster access create` has printed. */
function readIdentity(text: string): Pick<RemoteEndpoint, 'certificate' | 'key' | 'authority'> {
	const [certificate, authority] = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
	const [key] = text.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g) ?? [];
	const {X509Certificate, createPrivateKey} = process.getBuiltinModule('node:crypto');
	try {
		if (certificate && authority && key && new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
			return {certificate, authority, key};
		}
	} catch {
		// Said below.
	}

	throw new ClusterError(
		'usage',
		'--identity: must hold a certificate, its key, and the certificate of who signed it',
		{
			hint: 'It is what `muster access create NAME` prints, on the machine of the daemon.',
		},
	);
}
