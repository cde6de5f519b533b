import {expect, test} from 'vitest';
import {ranOut} from '../../../../source/backends/k8s/connection/ran-out.ts';
import {makeCertificate} from '../../../../source/daemon/access/certificate.ts';

const now = Date.parse('2030-06-01T12:00:00Z');
const at = (text: string) => Date.parse(text);

function tokenUntil(end: unknown): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({alg: 'RS256'})}.${part({exp: end})}.${'s'.repeat(20)}`;
}

function check(name: string, token: string, expected: string | undefined): void {
	test(name, () => {
		expect(ranOut({headers: {authorization: `Bearer ${token}`}, tls: {}}, now)).toBe(expected);
	});
}

check(
	'a token whose time is over',
	tokenUntil(at('2030-06-01T11:59:00Z') / 1000),
	'the token ran out at 2030-06-01T11:59:00Z',
);
check('one that is good still', tokenUntil(at('2030-06-01T12:01:00Z') / 1000), undefined);
check('one that says something else', tokenUntil('yesterday'), undefined);
check('an absurd time', tokenUntil(1e300), undefined);
check('one that is no JWT', 'sha256~abc', undefined);
check('claims that are none', 'a.b.c', undefined);

test('a client certificate whose time is over', () => {
	const made = (until: string) =>
		makeCertificate({name: 'ann', use: 'client', notBefore: at('2030-01-01T00:00:00Z'), notAfter: at(until)});
	const end = (until: string) => ranOut({headers: {}, tls: {cert: made(until).certificate}}, now);
	expect(end('2030-06-01T00:00:00Z')).toBe('the client certificate ran out at 2030-06-01T00:00:00Z');
	expect(end('2030-07-01T00:00:00Z')).toBe(undefined);
	expect(ranOut({headers: {}, tls: {cert: 'none'}}, now)).toBe(undefined);
});
