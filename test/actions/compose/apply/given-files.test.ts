import {expect, test} from 'vitest';
import {refuseUnclearFiles} from '../../../../source/actions/compose/apply/given-files.ts';
import {toClusterError} from '../../../../source/core/error.ts';

const project = (configs: readonly object[], secrets: readonly object[] = []) =>
	({services: [{key: 'web', name: 'shop-web', patch: {template: {configs, secrets}}}]}) as never;
const world = {
	configs: [{name: 'nginx', spec: {data: {'mime.types': '', 'nginx.conf': ''}}}],
	secrets: [{name: 'tls', files: ['crt', 'key']}],
} as never;

/** What of somebody else's configs is given; why it is not, or nothing. */
test.each<[string, readonly object[], readonly object[], string]>([
	['the file that the target names', [{source: 'nginx', target: '/etc/nginx/nginx.conf'}], [], ''],
	['the file that is said', [{source: 'nginx', key: 'mime.types', target: '/x'}], [], ''],
	['one that is not known', [{source: 'other', target: '/x'}], [], ''],
	[
		'one of several',
		[{source: 'nginx', target: '/nginx'}],
		[],
		'usage: services.web.configs[0]: nginx holds several files (mime.types, nginx.conf): say by a target that ends with its name which one is meant',
	],
	[
		'one of several of a secret',
		[],
		[
			{source: 'tls', target: '/run/secrets/key'},
			{source: 'tls', target: '/run/secrets/tls'},
		],
		'usage: services.web.secrets[1]: tls holds several files (crt, key): say by a target that ends with its name which one is meant',
	],
])('%s', (_, configs, secrets, expected) => {
	let said = '';
	try {
		refuseUnclearFiles(world, project(configs, secrets));
	} catch (thrown) {
		const {code, message} = toClusterError(thrown);
		said = `${code}: ${message}`;
	}

	expect(said).toBe(expected);
});
