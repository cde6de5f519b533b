import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {gzipSync} from 'node:zlib';
import {afterEach, expect, test} from 'vitest';
import {createClient} from '../../../source/backends/k8s/client.ts';
import {clock} from '../../../source/backends/k8s/clock.ts';
import {toClusterError} from '../../../source/core/error.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A client of a server that answers so; `token` says when it runs out. */
async function asking(status: number, body: string | Buffer, {headers = {}, endsInS = 60} = {}) {
	server = createServer((_, answer) => answer.writeHead(status, headers).end(body));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const exp = Math.floor(clock.now() / 1000) + endsInS;
	const claims = Buffer.from(JSON.stringify({exp})).toString('base64url');
	const given = {headers: {authorization: `Bearer e30.${claims}.x`}, tls: {}};
	const cluster = {server: origin, authority: undefined, insecure: false, serverName: undefined, proxyUrl: undefined};
	const source = {get: async () => given, forget() {}};
	return createClient({cluster, source, clock, version: 'test'});
}

test.each([true, false])('what has run out is said before what the server says (lone: %s)', async lone => {
	const client = await asking(401, '{"kind":"Status","message":"Unauthorized"}', {endsInS: -60});
	const error = toClusterError(await client.text({path: '/x', lone}).catch(thrown => thrown));
	client.close();
	expect(error.message).toMatch(/^the token ran out at \S+Z: the cluster does not accept the credentials/);
	expect([error.code, error.hint]).toEqual(['not-allowed', 'Log in again.']);
});

test('what has not run out is not blamed', async () => {
	const client = await asking(401, '{"kind":"Status","message":"Unauthorized"}');
	const error = toClusterError(await client.text({path: '/x'}).catch(thrown => thrown));
	client.close();
	expect(error.message).toMatch(/^the cluster does not accept the credentials/);
});

test.each([true, false])('a packed answer is unpacked (lone: %s)', async lone => {
	const client = await asking(200, gzipSync('{"a":1}'), {headers: {'content-encoding': 'gzip'}});
	expect(await client.json({path: '/x', lone})).toEqual({a: 1});
	client.close();
});

// A login page made health say that the API server is well, and lists fail in the words of a parser.
test.each([true, false])('a web page is no answer, nor is the way to another one (lone: %s)', async lone => {
	const of = async (status: number, headers: object) => {
		const client = await asking(status, '<html>log in</html>', {headers});
		const {code, message} = toClusterError(await client.text({path: '/x', lone}).catch(thrown => thrown));
		client.close();
		server?.close();
		return `${code}: ${message.replace(/http:\S+ /, '')}`;
	};
	expect([
		await of(200, {'content-type': 'text/html; charset=utf-8'}),
		await of(302, {location: 'https://l.example/'}),
	]).toEqual([
		'unreachable: answers with a web page, and not as an API server does',
		'unreachable: leads elsewhere: to https://l.example/',
	]);
});
