import {describe, expect, test} from 'vitest';
import {formatPort, mergePorts, parsePort} from '../../../source/actions/service/ports.ts';
import {toClusterError} from '../../../source/core/error.ts';

function show(text: string): string {
	try {
		const port = parsePort(text);
		const {host, published, target, protocol} = port;
		expect(parsePort(formatPort(port))).toEqual(port);
		return `${host ?? '-'} ${published} ${target} ${protocol}`;
	} catch (error) {
		return toClusterError(error).message;
	}
}

const allowed = 'a port to publish such as 8080:80, 127.0.0.1:8080:80 or 80 (a free one for port 80)';

describe('parsePort', () => {
	test.each([
		['8080:80', '- 8080 80 tcp'],
		['80', '- 0 80 tcp'],
		[':80', '- 0 80 tcp'],
		['0:80', '- 0 80 tcp'],
		['8080:80/tcp', '- 8080 80 tcp'],
		['127.0.0.1:8080:80', '127.0.0.1 8080 80 tcp'],
		['127.0.0.1::80', '127.0.0.1 0 80 tcp'],
		['[::1]:8080:80', '::1 8080 80 tcp'],
		['published=8080,target=80', '- 8080 80 tcp'],
		['target=80,protocol=tcp,mode=ingress', '- 0 80 tcp'],
		['53:53/udp', '- 53 53 udp'],
		['published=53,target=53,protocol=udp,mode=host', '- 53 53 udp'],
		['8080:80/icmp', '"8080:80/icmp" is not a port to publish: its protocol can only be tcp, udp, sctp or http'],
		['', `"" is not ${allowed}; ports go from 1 to 65535`],
		['web', `"web" is not ${allowed}; ports go from 1 to 65535`],
		['8080:0', `"8080:0" is not ${allowed}; ports go from 1 to 65535`],
		['99999:80', `"99999:80" is not ${allowed}; ports go from 1 to 65535`],
		['-1:80', `"-1:80" is not ${allowed}; ports go from 1 to 65535`],
		['8080-8090:80', `"8080-8090:80" is not ${allowed}; ports go from 1 to 65535`],
		[
			'target=80,x=1',
			'"target=80,x=1" is not a port to publish: published=PORT,target=PORT[,address=IP][,protocol=tcp|udp|sctp|http][,mode=ingress|host][,domain=HOST][,path=/PATH][,sticky][,max-requests=N][,tls=SECRET][,proxy-protocol]',
		],
		['target=80,mode=host', '- 0 80 tcp'],
	])('%s', (text, expected) => {
		expect(show(text)).toBe(expected);
	});
});

describe('a port of HTTP', () => {
	const check = (text: string, expected: object, again = text) =>
		test(text, () => {
			expect(parsePort(text)).toStrictEqual(expected);
			expect(formatPort(parsePort(text))).toBe(again);
			expect(parsePort(again)).toStrictEqual(expected);
		});
	check('8080:80/http', {published: 8080, target: 80, protocol: 'tcp', http: {}});
	check(
		'published=443,target=80,address=0.0.0.0,domain=a.b,domain=*.c,path=/api,sticky,max-requests=9,tls=site',
		{
			published: 443,
			target: 80,
			protocol: 'tcp',
			host: '0.0.0.0',
			http: {hosts: ['a.b', '*.c'], paths: ['/api'], sticky: true, maxRequests: 9},
			tls: 'site',
		},
		'published=443,target=80,address=0.0.0.0,protocol=http,domain=a.b,domain=*.c,path=/api,sticky,max-requests=9,tls=site',
	);
	check('target=25,proxy-protocol', {published: 0, target: 25, protocol: 'tcp', proxyProtocol: true});
});

test('a port takes the place of the one with its number, a free one of its target', () => {
	const merge = (present: string[], added: string[]) =>
		mergePorts(present.map(parsePort), added.map(parsePort)).map(formatPort);
	expect(merge(['8080:80', '9090:90'], ['8080:81', '70:70'])).toEqual(['8080:81', '9090:90', '70:70']);
	expect(merge(['80', '8080:80'], ['80'])).toEqual(['80', '8080:80']);
});
