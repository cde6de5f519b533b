import {BlockList, isIP} from 'node:net';
import type {Environment} from './environment.ts';

/** The proxy that the environment names for a server: HTTPS_PROXY or HTTP_PROXY, but for what NO_PROXY names. */
export function proxyFor(server: string, env: Environment): string | undefined {
	const {protocol, hostname, port} = new URL(server);
	const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
	const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
	const proxy = env[name] || env[name.toLowerCase()];
	if (!proxy || isLoopback(host)) return undefined;
	const rules = (env.NO_PROXY || env.no_proxy || '').split(',').map(rule => rule.trim().toLowerCase());
	const isExempt = rules.some(
		rule => rule !== '' && matches(rule, host, port || (protocol === 'https:' ? '443' : '80')),
	);
	return isExempt ? undefined : proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** What is on this machine is never asked for elsewhere. */
function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** `*`, `example.org` and all below it, `.example.org` only those, an address, `10.0.0.0/8`; each with a port behind it. */
function matches(rule: string, host: string, port: string): boolean {
	if (rule === '*') return true;
	const [, bits] = /\/(\d+)$/.exec(rule) ?? [];
	if (bits !== undefined) return isWithin(rule.slice(0, -bits.length - 1), Number(bits), host);
	const [, name = rule, ownPort] = isIP(rule) ? [] : (/^(.*?):(\d+)$/.exec(rule) ?? []);
	if (ownPort !== undefined && ownPort !== port) return false;
	const suffix = name.replace(/^\*?\./, '.');
	return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function isWithin(network: string, bits: number, host: string): boolean {
	const family = isIP(network);
	if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
	const kind = family === 4 ? 'ipv4' : 'ipv6';
	const list = new BlockList();
	list.addSubnet(network, bits, kind);
	return list.check(host, kind);
}
