import {once} from 'node:events';
import type {Socket} from 'node:net';
import {connect} from 'node:tls';
import {expect, onTestFinished, test} from 'vitest';
import {Listener} from '../../../../source/backends/local/gateway/listener.ts';
import {reset} from '../../../../source/backends/local/gateway/reset.ts';
import {Certificates} from '../../../../source/backends/local/gateway/tls-contexts.ts';
import {makeCertificate} from '../../../../source/daemon/access/certificate.ts';
import type {Route} from '../../../../source/orchestrator/balancer.ts';
import {freePort} from '../../../helpers/tcp.ts';

function pemOf(name: string): string {
	const {certificate, key} = makeCertificate({name, use: 'server', notBefore: 0, notAfter: 4_000_000_000_000});
	return `${certificate}${key}`;
}

const route = (secret: string, host: string): Route =>
	({serviceId: secret, serviceName: secret, targets: [], http: {hosts: [host]}, tls: {secret, version: 1}}) as never;

/** Two sites on one port; what they answer with is the subject of the certificate. */
async function open(accept: (client: Socket) => void = client => void client.end()) {
	const said: string[] = [];
	const certificates = new Certificates(message => said.push(message));
	const routes = [route('shop', 'shop.example'), route('blog', '*.blog.example')];
	const port = await freePort();
	const listener = new Listener({
		host: '127.0.0.1',
		port,
		accept,
		changed() {},
		lost() {},
		secure: {
			contextFor: name => certificates.contextFor(routes, name),
			unnamed: () => certificates.unnamed(routes),
		},
	});
	onTestFinished(() => listener.close());
	await listener.tried;
	const ask = async (servername?: string): Promise<string> => {
		const client = connect({
			port,
			host: '127.0.0.1',
			rejectUnauthorized: false,
			...(servername !== undefined && {servername}),
		});
		try {
			await once(client, 'secureConnect');
			return String(client.getPeerCertificate().subject.CN);
		} catch {
			return 'refused';
		} finally {
			client.destroy();
		}
	};
	const give = (shop: string, blog: string) =>
		certificates.replace([
			{secret: 'shop', version: 1, pem: shop},
			{secret: 'blog', version: 1, pem: blog},
		]);
	return {ask, give, said, port};
}

test('each host name has its certificate; who asks for none, as by an address, or for another, has the first', async () => {
	const {ask, give} = await open();
	give(pemOf('shop'), pemOf('blog'));
	expect(await ask('shop.example')).toBe('shop');
	expect(await ask('my.BLOG.example')).toBe('blog');
	expect(await ask('else.example')).toBe('shop');
	expect(await ask()).toBe('shop');
});

test('a certificate that is rotated is there for the next connection, one that is none refuses', async () => {
	const {ask, give, said} = await open();
	expect([await ask(), await ask('shop.example')]).toEqual(['refused', 'refused']);
	give(pemOf('first'), pemOf('blog'));
	expect([await ask(), await ask('shop.example')]).toEqual(['first', 'first']);
	give(pemOf('second'), pemOf('blog'));
	expect([await ask(), await ask('shop.example')]).toEqual(['second', 'second']);
	give('nothing of the kind', pemOf('blog'));
	expect([await ask(), await ask('shop.example'), await ask('a.blog.example')]).toEqual(['refused', 'refused', 'blog']);
	expect(said[0]).toContain('the secret shop 1 holds no certificate with its key');
});

test('a connection that is broken off is closed, since TLS knows no reset', async () => {
	const {give, port} = await open(reset);
	give(pemOf('shop'), pemOf('blog'));
	const client = connect({port, host: '127.0.0.1', rejectUnauthorized: false});
	onTestFinished(() => void client.destroy());
	client.on('error', () => {});
	await once(client, 'close');
});
