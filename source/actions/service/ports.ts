import type {HttpRules, PublishedPort} from '../../core/model/index.ts';
import type {Field} from '../action.ts';
import {refuse} from '../fields/fields.ts';
import {type Parts, readParts, switchOf} from '../fields/parts.ts';

const allowed = 'a port to publish such as 8080:80, 127.0.0.1:8080:80 or 80 (a free one for port 80)';

function portNumber(text: string | undefined, found: string, {zero = false} = {}): number {
	const port = Number(text);
	if (text === undefined || !/^\d+$/.test(text) || port > 65_535 || (port === 0 && !zero)) {
		throw refuse(found, `${allowed}; ports go from 1 to 65535`);
	}

	return port;
}

const longText =
	'a port to publish: published=PORT,target=PORT[,address=IP][,protocol=tcp|udp|sctp|http][,mode=ingress|host][,domain=HOST][,path=/PATH][,sticky][,max-requests=N][,tls=SECRET][,proxy-protocol]';
const longKeys = {
	published: [],
	target: [],
	address: [],
	protocol: [],
	mode: [],
	domain: [],
	path: [],
	sticky: [],
	'max-requests': [],
	tls: [],
	'proxy-protocol': [],
};

/** Docker's long form, `published=8080,target=80,protocol=tcp,mode=ingress`, and what the gateway can besides. */
function parseLong(found: string): PublishedPort {
	const parts = readParts(found, longKeys, longText);
	const mode = parts.get('mode') ?? 'ingress';
	if (mode !== 'ingress' && mode !== 'host') {
		throw refuse(found, longText);
	}

	const protocol = parts.get('protocol') ?? 'tcp';
	checkProtocol(protocol, found);
	const rules = rulesOf(parts, found);
	const isHttp = protocol === 'http' || Object.keys(rules).length > 0;
	const address = parts.get('address');
	const tls = parts.get('tls');
	return {
		published: parts.has('published') ? portNumber(parts.get('published'), found, {zero: true}) : 0,
		target: portNumber(parts.get('target'), found),
		protocol: transportOf(protocol),
		...(mode === 'host' && {mode}),
		...(address !== undefined && {host: address}),
		...(isHttp && {http: rules}),
		...(tls !== undefined && {tls}),
		...(switchOf(parts, 'proxy-protocol', found) && {proxyProtocol: true}),
	};
}

function rulesOf(parts: Parts, found: string): HttpRules {
	const limit = parts.get('max-requests');
	if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit)) {
		throw refuse(found, 'a port to publish: max-requests is a number from 1 to 999999');
	}

	return {
		...(parts.has('domain') && {hosts: parts.get('domain')?.split(',') ?? []}),
		...(parts.has('path') && {paths: parts.get('path')?.split(',') ?? []}),
		...(switchOf(parts, 'sticky', found) && {sticky: true}),
		...(limit !== undefined && {maxRequests: Number(limit)}),
	};
}

function checkProtocol(protocol: string, found: string): void {
	if (!['tcp', 'udp', 'sctp', 'http'].includes(protocol)) {
		throw refuse(found, 'a port to publish: its protocol can only be tcp, udp, sctp or http');
	}
}

/** HTTP is spoken over TCP. */
function transportOf(protocol: string): PublishedPort['protocol'] {
	return protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp';
}

/** `[HOST:][PUBLISHED:]TARGET[/tcp|/udp|/sctp|/http]`; IPv6 addresses in brackets. Throws `usage`. */
export function parsePort(found: string): PublishedPort {
	if (found.includes('=')) {
		return parseLong(found);
	}

	const [ports = '', protocol = 'tcp'] = found.split('/');
	checkProtocol(protocol, found);
	const [, host, published = '0', target] = /^(?:(?:(\[[\da-f:.]+\]|[\d.]+):)?(\d*):)?([^:]*)$/i.exec(ports) ?? [];
	return {
		published: portNumber(published || '0', found, {zero: true}),
		target: portNumber(target, found),
		protocol: transportOf(protocol),
		...(host === undefined ? {} : {host: host.replace(/[[\]]/g, '')}),
		...(protocol === 'http' && {http: {}}),
	};
}

export function formatPort(port: PublishedPort): string {
	const {host, published, target, protocol, mode, http, tls, proxyProtocol} = port;
	if (tls !== undefined || mode !== undefined || proxyProtocol || (http && Object.keys(http).length > 0)) {
		return formatLong(port);
	}

	const prefix = host === undefined ? '' : `${host.includes(':') ? `[${host}]` : host}:`;
	const plain = published === 0 && prefix === '' ? String(target) : `${prefix}${published || ''}:${target}`;
	return http ? `${plain}/http` : protocol === 'tcp' ? plain : `${plain}/${protocol}`;
}

function formatLong({host, published, target, protocol, mode, http, tls, proxyProtocol}: PublishedPort): string {
	const {hosts = [], paths = [], sticky, maxRequests} = http ?? {};
	return [
		...(published === 0 ? [] : [`published=${published}`]),
		`target=${target}`,
		...(host === undefined ? [] : [`address=${host}`]),
		...(http ? ['protocol=http'] : protocol === 'tcp' ? [] : [`protocol=${protocol}`]),
		...(mode === undefined ? [] : [`mode=${mode}`]),
		...hosts.map(name => `domain=${name}`),
		...paths.map(path => `path=${path}`),
		...(sticky ? ['sticky'] : []),
		...(maxRequests === undefined ? [] : [`max-requests=${maxRequests}`]),
		...(tls === undefined ? [] : [`tls=${tls}`]),
		...(proxyProtocol ? ['proxy-protocol'] : []),
	].join(',');
}

export function port(help: string): Field<PublishedPort> {
	return {help, placeholder: 'PORT:TARGET', short: 'p', parse: parsePort, format: formatPort};
}

/** Given ones take the place of those with the same published port; where a free one is asked, of the same target. */
export function mergePorts(
	present: readonly PublishedPort[],
	added: readonly PublishedPort[],
): readonly PublishedPort[] {
	const key = ({host, published, target, protocol}: PublishedPort) =>
		published === 0 ? `free ${target} ${protocol}` : `${host ?? ''} ${published} ${protocol}`;
	return [...new Map([...present, ...added].map(entry => [key(entry), entry])).values()];
}
