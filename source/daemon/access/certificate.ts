import type {KeyObject} from 'node:crypto';
import * as der from './der.ts';

/** A certificate and its key, as PEM. */
export type Pair = {readonly certificate: string; readonly key: string};

/** Who signs. */
export type Issuer = Pair & {readonly name: string};

export type Wanted = {
	readonly name: string;
	/** `authority`: may sign others. */
	readonly use: 'authority' | 'server' | 'client';
	readonly notBefore: number;
	readonly notAfter: number;
};

/** What a server's certificate is made out to; clients ask for this name, whatever address they reach it by. */
export const serverName = 'daemon.muster.internal';

const ecdsaWithSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));
const commonName = '2.5.4.3';
const usages = {server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2'};
const serialBytes = 16;

/** Node reads X.509 and cannot write it: a certificate (RFC 5280, version 3) with a new key on the curve P-256. */
export function makeCertificate(wanted: Wanted, issuer?: Issuer): Pair {
	const crypto = process.getBuiltinModule('node:crypto');
	const {publicKey, privateKey} = crypto.generateKeyPairSync('ec', {namedCurve: 'prime256v1'});
	const signer = issuer ? crypto.createPrivateKey(issuer.key) : privateKey;
	const body = der.sequence(
		der.explicit(0, der.integer(Uint8Array.of(2))),
		der.integer(Buffer.concat([Uint8Array.of(1), crypto.randomBytes(serialBytes)])),
		ecdsaWithSha256,
		nameOf(issuer?.name ?? wanted.name),
		der.sequence(der.time(wanted.notBefore), der.time(wanted.notAfter)),
		nameOf(wanted.name),
		publicKey.export({type: 'spki', format: 'der'}),
		der.explicit(3, der.sequence(...extensions(wanted.use, keyId(publicKey), keyId(crypto.createPublicKey(signer))))),
	);
	const signed = der.sequence(body, ecdsaWithSha256, der.bits(crypto.sign('sha256', body, signer)));
	return {
		certificate: pem('CERTIFICATE', signed),
		key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
	};
}

function nameOf(name: string): Buffer {
	return der.sequence(der.set(der.sequence(der.oid(commonName), der.utf8(name))));
}

function extensions(use: Wanted['use'], own: Buffer, authority: Buffer): Buffer[] {
	const critical = (id: string, value: Buffer) => der.sequence(der.oid(id), der.truth(), der.octets(value));
	const extension = (id: string, value: Buffer) => der.sequence(der.oid(id), der.octets(value));
	const isAuthority = use === 'authority';
	// Bits of the key's usage: keyCertSign and cRLSign, or digitalSignature.
	const keyUsage = isAuthority ? der.bits(Uint8Array.of(0b0000_0110), 1) : der.bits(Uint8Array.of(0b1000_0000), 7);
	return [
		critical('2.5.29.19', isAuthority ? der.sequence(der.truth()) : der.sequence()),
		critical('2.5.29.15', keyUsage),
		extension('2.5.29.14', der.octets(own)),
		extension('2.5.29.35', der.sequence(der.implicit(0, authority))),
		...(isAuthority ? [] : [extension('2.5.29.37', der.sequence(der.oid(usages[use])))]),
		...(use === 'server' ? [extension('2.5.29.17', der.sequence(der.implicit(2, Buffer.from(serverName))))] : []),
	];
}

function keyId(key: KeyObject): Buffer {
	const {createHash} = process.getBuiltinModule('node:crypto');
	return createHash('sha256')
		.update(key.export({type: 'spki', format: 'der'}))
		.digest()
		.subarray(0, 20);
}

function pem(label: string, bytes: Buffer): string {
	const lines = bytes.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
	return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
