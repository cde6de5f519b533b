import type {Credentials} from './credentials.ts';

/** Which of them has run out, and when: the server does not say. Undefined: none that can be told. */
export function ranOut({headers, tls}: Credentials, now: number): string | undefined {
	const certificateEnd = tls.cert === undefined ? undefined : endOfCertificate(String(tls.cert));
	const tokenEnd = endOfToken(headers.authorization ?? '');
	const text = (what: string, end: number) => `${what} ran out at ${new Date(end).toISOString().replace('.000Z', 'Z')}`;
	if (certificateEnd !== undefined && certificateEnd < now) return text('the client certificate', certificateEnd);
	if (tokenEnd !== undefined && tokenEnd < now) return text('the token', tokenEnd);
	return undefined;
}

function endOfCertificate(pem: string): number | undefined {
	const {X509Certificate} = process.getBuiltinModule('node:crypto');
	try {
		return Date.parse(new X509Certificate(pem).validTo);
	} catch {
		return undefined;
	}
}

/** Of a JWT, which says so itself; what it says is not checked. */
function endOfToken(authorization: string): number | undefined {
	const [, claims = ''] = /^Bearer [^.]+\.([^.]+)\./.exec(authorization) ?? [];
	try {
		const {exp} = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {exp?: unknown};
		return typeof exp === 'number' && exp < 1e11 ? exp * 1000 : undefined;
	} catch {
		return undefined;
	}
}
