import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';

/** What a Docker API is reached with. PEM texts. */
export type TlsFiles = {readonly ca?: string; readonly cert?: string; readonly key?: string};

/** Where a Docker API listens. */
export type Endpoint =
	| {readonly type: 'unix'; readonly path: string}
	| {readonly type: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles}
	/** The user's own `ssh`, with the user's configuration, agent and known hosts. */
	| {
			readonly type: 'ssh';
			readonly host: string;
			readonly port?: number;
			readonly user?: string;
			readonly path?: string;
	  };

const defaultPort = {plain: 2375, tls: 2376} as const;

/** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`; `where` names what it was read from. */
export function parseEndpoint(text: string, where: string, tls?: TlsFiles): Endpoint {
	const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(text.includes('://') ? text : `tcp://${text}`) ?? [];
	if (scheme === 'unix' && rest.startsWith('/')) return {type: 'unix', path: rest};
	const url = asUrl(scheme, rest);
	if (url === undefined || url.hostname === '') throw refused(text, where);
	const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
	const port = url.port === '' ? undefined : Number(url.port);
	if (scheme === 'tcp' || scheme === 'http' || scheme === 'https') {
		const secure = tls ?? (scheme === 'https' ? {} : undefined);
		const usual = secure === undefined ? defaultPort.plain : defaultPort.tls;
		return {type: 'tcp', host, port: port ?? usual, ...(secure && {tls: secure})};
	}

	if (scheme !== 'ssh') throw refused(text, where);
	if (url.password !== '') {
		throw new ClusterError('usage', `${where}: a password has no place in ${scheme}://${stripControl(host)}`, {
			hint: 'Use an ssh key or agent.',
		});
	}

	// What begins with a dash would be an option of ssh's.
	if (/^-/.test(host) || /^-/.test(url.username)) throw refused(text, where);
	return {
		type: 'ssh',
		host,
		...(port !== undefined && {port}),
		...(url.username !== '' && {user: decodeURIComponent(url.username)}),
		...(url.pathname.length > 1 && {path: url.pathname}),
	};
}

function asUrl(scheme: string, rest: string): URL | undefined {
	return URL.canParse(`${scheme === 'ssh' ? 'ssh' : 'tcp'}://${rest}`)
		? new URL(`${scheme === 'ssh' ? 'ssh' : 'tcp'}://${rest}`)
		: undefined;
}

function refused(text: string, where: string): ClusterError {
	return new ClusterError(
		'usage',
		`${where}: ${JSON.stringify(stripControl(text))} is not the address of a Docker API`,
		{
			hint: 'unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST are possible.',
		},
	);
}

/** As the user would write it. */
export function endpointText(endpoint: Endpoint): string {
	switch (endpoint.type) {
		case 'unix':
			return `unix://${endpoint.path}`;
		case 'tcp':
			return `tcp://${hostText(endpoint.host)}:${endpoint.port}`;
		case 'ssh': {
			const {user, host, port, path} = endpoint;
			return `ssh://${user === undefined ? '' : `${user}@`}${hostText(host)}${port === undefined ? '' : `:${port}`}${path ?? ''}`;
		}
	}
}

function hostText(host: string): string {
	return host.includes(':') ? `[${host}]` : host;
}
