import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {parse} from 'yaml';
import {discover} from '../../../../source/backends/k8s/connection/discover.ts';
import {readKubeconfig} from '../../../../source/backends/k8s/connection/kubeconfig.ts';
import {open} from '../../../../source/backends/k8s/index.ts';

const made: string[] = [];
afterEach(() => {
	for (const folder of made.splice(0)) rmSync(folder, {recursive: true});
});

/** A folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-kube-'));
	made.push(root);
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
		writeFileSync(path.join(root, name), text);
	}

	return root;
}

function config(name: string, more = ''): string {
	return `
apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: of-${name}}}]
clusters: [{name: ${name}, cluster: {server: "https://${name}.example:6443/"}}]
users: [{name: ${name}, user: {token: secret-${name}}}]
${more}`;
}

test('of several files the first entry of a name counts, and the first current context', () => {
	const root = folder({
		a: config('one'),
		b:
			config('two') +
			config('one')
				.replace(/^current.*$/m, '')
				.replace(/[\s\S]*/, ''),
	});
	const read = readKubeconfig({KUBECONFIG: `${root}/a:${root}/missing::${root}/b`}, parse);
	expect(read.contexts.map(({name, namespace}) => `${name} ${namespace}`)).toEqual(['one of-one', 'two of-two']);
	expect(read.current).toBe('one');
	expect(read.cluster('two').server).toBe('https://two.example:6443');
	expect(read.user('one').token).toBe('secret-one');
});

test('files that a file names are looked for beside it; data in it counts before them', () => {
	const root = folder({
		'sub/config': `
clusters: [{name: c, cluster: {server: "https://x", certificate-authority: pki/ca.crt}}]
users:
- name: u
  user: {client-certificate: pki/u.crt, client-key-data: ${Buffer.from('key').toString('base64')}, client-key: nowhere}`,
		'sub/pki/ca.crt': 'authority',
		'sub/pki/u.crt': 'certificate',
	});
	const read = readKubeconfig({KUBECONFIG: `${root}/sub/config`}, parse);
	expect(read.cluster('c').authority?.toString()).toBe('authority');
	expect([read.user('u').cert?.toString(), read.user('u').key?.toString()]).toEqual(['certificate', 'key']);
});

/** The error's message with the folder taken out. */
async function refusal(text: string): Promise<string> {
	const root = folder({config: text});
	try {
		const read = readKubeconfig({KUBECONFIG: `${root}/config`}, parse);
		read.cluster('c');
		read.user('u');
	} catch (thrown) {
		return (thrown as Error).message.replaceAll(root, '');
	}

	throw new Error('it was not refused');
}

test.each([
	['[1', /^the kubeconfig \/config cannot be read: Flow sequence/],
	['a list of words', /it is not a mapping$/],
	['clusters: 7', /clusters is not a list$/],
	['clusters: [{cluster: {}}]', /an entry of clusters has no name$/],
	['clusters: []', /^the kubeconfig has no cluster "c"$/],
	[
		'clusters: [{name: c, cluster: {server: example.org}}]',
		/cluster c: server must begin with https:\/\/ or http:\/\/, found "example.org"$/,
	],
	['clusters: [{name: c, cluster: {server: "https://x"}}]', /^the kubeconfig has no user "u"$/],
	[
		'clusters: [{name: c, cluster: {server: "https://x", certificate-authority: gone.crt}}]',
		/certificate-authority \/gone.crt: ENOENT/,
	],
])('%s is refused', async (text, expected) => {
	expect(await refusal(text)).toMatch(expected);
});

test('contexts are found without asking anybody', async () => {
	const root = folder({config: config('dev')});
	expect(await discover({env: {KUBECONFIG: `${root}/config`}})).toEqual([
		{name: 'k8s:dev', engine: 'k8s', endpoint: 'https://dev.example:6443', current: true},
	]);
	expect(await discover({env: {HOME: root}})).toEqual([]);
});

test('a context that is not there is not found, with what may be meant', async () => {
	const root = folder({config: config('production')});
	await expect(open('k8s:prodution', {env: {KUBECONFIG: `${root}/config`}})).rejects.toMatchObject({
		code: 'not-found',
		hint: 'did you mean k8s:production?',
	});
});
