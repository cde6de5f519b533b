import {expect, test} from 'vitest';
import type {ClusterError} from '../../../source/core/error.ts';
import {makeCertificate} from '../../../source/daemon/access/certificate.ts';
import {CertificateAdmission} from '../../../source/daemon/admission/certificate-admission.ts';
import {aService} from '../../helpers/objects.ts';

const made = (name: string) => makeCertificate({name, use: 'server', notBefore: 0, notAfter: 4_000_000_000_000});
const [site, other] = [made('site'), made('other')];
const whole = `${site.certificate}${site.key}`;

const port = {published: 8443, target: 80, protocol: 'tcp', tls: 'site'} as const;
const shop = aService('shop', {spec: {...aService('shop').spec, ports: [port]}});

/** What is held against this content, where a service's ports name it and where it is new for a service that does. */
function check(name: string, content: string, expected: string) {
	test(name, () => {
		const admission = new CertificateAdmission({services: () => [shop], contentOf: () => content});
		const base64 = Buffer.from(content).toString('base64');
		expect([
			said(() => admission.admitService({ports: [port]})),
			said(() => admission.admitSecret({kind: 'secret', name: 'site'}, {data: {data: content}})),
			said(() => admission.admitSecret({kind: 'secret', name: 'site'}, {data: {data: {base64}}})),
		]).toEqual(
			expected === ''
				? ['', '', '']
				: [
						`conflict: The secret site ends no TLS: ${expected}.`,
						`usage: site ends TLS for shop: ${expected}.`,
						`usage: site ends TLS for shop: ${expected}.`,
					],
		);
	});
}

function said(act: () => void): string {
	try {
		act();
		return '';
	} catch (error) {
		const {code, message} = error as ClusterError;
		return `${code}: ${message}`;
	}
}

check('a certificate with its key', whole, '');
check('the other way round', `${site.key}${site.certificate}`, '');
check('something else', 'hunter2', 'it holds no certificate');
check('a certificate alone', site.certificate, 'it holds no key');
check(
	'a key of another',
	`${site.certificate}${other.key}`,
	'its certificate and key cannot be used (key values mismatch)',
);

test('other secrets hold what they will, and labels can be changed', () => {
	const admission = new CertificateAdmission({services: () => [shop], contentOf: () => undefined});
	admission.admitSecret({kind: 'secret', name: 'db'}, {data: {data: 'hunter2'}});
	admission.admitSecret({kind: 'secret', name: 'site'}, {labels: {a: 'b'}});
	admission.admitService({ports: [{...port, tls: 'nosuch'}]});
	admission.admitService({ports: [null, 'x', {}] as never});
});
