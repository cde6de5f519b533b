import {chmodSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {writeWhole} from '../../backends/local/system/write-whole.ts';
import {type Issuer, makeCertificate, type Pair, serverName} from './certificate.ts';

const dayMs = 86_400_000;
/** The authority outlives whatever it signs. */
const authorityDays = 20 * 365;
const serverDays = 365;
/** A server's certificate that is good for less is made anew. */
const renewDays = 60;
/** The clocks of two machines may differ by so much. */
const beforeMs = 3_600_000;

/** Signs for one home: its server and those who have access. Its folder is made, with its key, when it is first needed. */
export type Authority = {
	readonly certificate: string;
	server(): Pair;
	client(name: string, notAfter: number): Pair;
};

export function openAuthority(folder: string, now: () => number): Authority {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	chmodSync(folder, 0o700);
	const name = 'muster';
	const own = keptPair(folder, 'authority', () =>
		makeCertificate({name, use: 'authority', notBefore: now() - beforeMs, notAfter: now() + authorityDays * dayMs}),
	);
	const issuer: Issuer = {...own, name};
	return {
		certificate: own.certificate,
		server: () =>
			keptPair(
				folder,
				'server',
				() =>
					makeCertificate(
						{name: serverName, use: 'server', notBefore: now() - beforeMs, notAfter: now() + serverDays * dayMs},
						issuer,
					),
				pair => validUntil(pair) - now() > renewDays * dayMs && isSignedBy(pair, own),
			),
		client: (client, notAfter) =>
			makeCertificate({name: client, use: 'client', notBefore: Math.min(now(), notAfter) - beforeMs, notAfter}, issuer),
	};
}

/** Both in one file, so that they belong together whenever they were written. */
function keptPair(folder: string, name: string, make: () => Pair, isGood: (pair: Pair) => boolean = () => true): Pair {
	const file = path.join(folder, `${name}.pem`);
	const kept = existsSync(file) ? readPair(readFileSync(file, 'utf8')) : undefined;
	if (kept && isGood(kept)) {
		return kept;
	}

	const made = make();
	writeWhole(file, made.certificate + made.key);
	return made;
}

function readPair(text: string): Pair | undefined {
	const [certificate] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n/.exec(text) ?? [];
	const [key] = /-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----\n/.exec(text) ?? [];
	return certificate && key ? {certificate, key} : undefined;
}

function validUntil({certificate}: Pair): number {
	const {X509Certificate} = process.getBuiltinModule('node:crypto');
	return Date.parse(new X509Certificate(certificate).validTo);
}

function isSignedBy({certificate}: Pair, issuer: Pair): boolean {
	const {X509Certificate} = process.getBuiltinModule('node:crypto');
	return new X509Certificate(certificate).verify(new X509Certificate(issuer.certificate).publicKey);
}
