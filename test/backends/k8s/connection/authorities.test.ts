import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {rootCertificates} from 'node:tls';
import {afterAll, expect, test} from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'muster-trust-'));
const [own = '', others = []] = [rootCertificates[0], rootCertificates.slice(1)];
writeFileSync(path.join(folder, 'own.pem'), own);
afterAll(() => rmSync(folder, {recursive: true}));

/** How many Node trusts by default after each step, in a process that is started so. */
function trusted(flags: readonly string[], steps: string): number[] {
	const module = path.join(import.meta.dirname, '../../../../source/backends/k8s/connection/authorities.ts');
	const text = `import tls from 'node:tls';
		import {trustFor, trustUsual} from ${JSON.stringify(module)};
		const named = () => trustFor({ca: 'x'});
		const unnamed = () => trustFor({});
		const unchecked = () => trustFor({rejectUnauthorized: false});
		console.log(JSON.stringify([${steps}].map(step => (step(), tls.getCACertificates('default').length))));`;
	// The machine trusts one that Node has, too: whether it was read is seen by the count.
	const env = {
		...process.env,
		NODE_EXTRA_CA_CERTS: '',
		SSL_CERT_FILE: path.join(folder, 'own.pem'),
		SSL_CERT_DIR: folder,
	};
	const said = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', text], {env, encoding: 'utf8'});
	return JSON.parse(said) as number[];
}

const all = 1 + others.length;

test('a server whose authority is named needs no others; one for which nobody is named has all of them', () => {
	expect(trusted(['--use-openssl-ca'], 'named, unchecked, unnamed, named')).toEqual([0, 0, all, all]);
	expect(trusted(['--use-openssl-ca'], 'named, trustUsual, named')).toEqual([0, all, all]);
});

test('whom another process than the launcher’s trusts is left as it is', () => {
	expect(trusted([], 'named, unnamed, trustUsual')).toEqual([all, all, all]);
});
