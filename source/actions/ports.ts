import type {PublishedPort} from '../core/model/index.ts';
import type {Field} from './action.ts';
import {refuse} from './fields.ts';

const allowed = 'a port to publish such as 8080:80, 127.0.0.1:8080:80 or 80 (a free one for port 80)';

function portNumber(text: string | undefined, found: string, {zero = false} = {}): number {
	const port = Number(text);
	if (text === undefined || !/^\d+$/.test(text) || port > 65_535 || (port === 0 && !zero)) {
		throw refuse(found, `${allowed}; ports go from 1 to 65535`);
	}

	return port;
}

/** Docker's long form: `published=8080,target=80,protocol=tcp,mode=ingress`. */
function parseLong(found: string): PublishedPort {
	const parts = new Map(found.split(',').map(part => part.split('=', 2) as [string, string]));
	const unknown = [...parts.keys()].find(key => !['published', 'target', 'protocol', 'mode'].includes(key));
	if (unknown !== undefined || (parts.get('mode') ?? 'ingress') !== 'ingress') {
		throw refuse(found, 'a port to publish: published=PORT,target=PORT[,protocol=tcp][,mode=ingress]');
	}

	checkProtocol(parts.get('protocol') ?? 'tcp', found);
	const published = parts.has('published') ? portNumber(parts.get('published'), found, {zero: true}) : 0;
	return {published, target: portNumber(parts.get('target'), found), protocol: 'tcp'};
}

function checkProtocol(protocol: string, found: string): void {
	if (protocol !== 'tcp') {
		throw refuse(found, 'a port to publish: its protocol can only be tcp');
	}
}

/** `[HOST:][PUBLISHED:]TARGET[/tcp]`; IPv6 addresses in brackets. Throws `usage`. */
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
		protocol: 'tcp',
		...(host === undefined ? {} : {host: host.replace(/[[\]]/g, '')}),
	};
}

export function formatPort({host, published, target}: PublishedPort): string {
	const prefix = host === undefined ? '' : `${host.includes(':') ? `[${host}]` : host}:`;
	return published === 0 && prefix === '' ? String(target) : `${prefix}${published || ''}:${target}`;
}

export function port(help: string): Field<PublishedPort> {
	return {help, placeholder: 'PORT:TARGET', short: 'p', parse: parsePort, format: formatPort};
}

/** Given ones take the place of those with the same published port; where a free one is asked, of the same target. */
export function mergePorts(
	present: readonly PublishedPort[],
	added: readonly PublishedPort[],
): readonly PublishedPort[] {
	const key = ({host, published, target}: PublishedPort) =>
		published === 0 ? `free ${target}` : `${host ?? ''} ${published}`;
	return [...new Map([...present, ...added].map(entry => [key(entry), entry])).values()];
}
