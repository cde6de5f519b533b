import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {discoverContexts, endpointsOf} from '../../../../source/backends/swarm/connection/contexts.ts';
import {endpointText} from '../../../../source/backends/swarm/connection/endpoint.ts';
import {toClusterError} from '../../../../source/core/error.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'muster-docker-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

function context(id: string, meta: object, tls: Readonly<Record<string, string>> = {}): void {
	mkdirSync(path.join(folder, 'contexts/meta', id), {recursive: true});
	writeFileSync(path.join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
	for (const [name, text] of Object.entries(tls)) {
		mkdirSync(path.join(folder, 'contexts/tls', id, 'docker'), {recursive: true});
		writeFileSync(path.join(folder, 'contexts/tls', id, 'docker', name), text);
	}
}

const endpoint = (Host: string, others: object = {}) => ({docker: {Host, ...others}});
context(
	'a1',
	{Name: 'prod', Endpoints: endpoint('tcp://10.0.0.1:2376')},
	{'ca.pem': 'CA', 'cert.pem': 'C', 'key.pem': 'K'},
);
context('b2', {Name: 'far', Endpoints: endpoint('ssh://ops@far')});
context('c3', {Name: 'loose', Endpoints: endpoint('tcp://10.0.0.3:2376', {SkipTLSVerify: true})});
context('d4', {Name: 'odd', Endpoints: {kubernetes: {}}});
mkdirSync(path.join(folder, 'contexts/meta/e5'));
writeFileSync(path.join(folder, 'contexts/meta/e5/meta.json'), '{');
writeFileSync(path.join(folder, 'config.json'), JSON.stringify({currentContext: 'far'}));

function files(env: Readonly<Record<string, string>> = {}) {
	return {env: {DOCKER_CONFIG: folder, ...env}, homeFolder: '/nowhere'};
}

describe('contexts are found', () => {
	function check(name: string, env: Readonly<Record<string, string>>, ...expected: string[]): void {
		test(name, () => {
			const found = discoverContexts(files(env)).filter(one => one.name !== 'swarm:default');
			expect(found.map(one => `${one.name} ${one.endpoint}${one.current ? ' *' : ''}`)).toEqual(expected);
		});
	}

	check('that docker keeps', {}, 'swarm:far ssh://ops@far *', 'swarm:prod tcp://10.0.0.1:2376');
	check(
		'chosen by DOCKER_CONTEXT',
		{DOCKER_CONTEXT: 'prod'},
		'swarm:far ssh://ops@far',
		'swarm:prod tcp://10.0.0.1:2376 *',
	);
	check(
		'in DOCKER_HOST',
		{DOCKER_HOST: 'unix:///x.sock'},
		'swarm:env unix:///x.sock *',
		'swarm:far ssh://ops@far',
		'swarm:prod tcp://10.0.0.1:2376',
	);
});

describe('a context is opened', () => {
	function check(name: string, context: string, env: Readonly<Record<string, string>>, expected: string): void {
		test(name, () => {
			const show = (): string => {
				try {
					return endpointsOf(context, files(env))
						.map(one => `${endpointText(one)}${one.type === 'tcp' && one.tls ? ` ${Object.keys(one.tls).join()}` : ''}`)
						.join(' ');
				} catch (thrown) {
					const {code, message} = toClusterError(thrown);
					return `${code}: ${message}`;
				}
			};
			expect(show()).toBe(expected);
		});
	}

	const certs = path.join(folder, 'contexts/tls/a1/docker');
	check('with its TLS files', 'swarm:prod', {}, 'tcp://10.0.0.1:2376 ca,cert,key');
	check('by ssh', 'swarm:far', {}, 'ssh://ops@far');
	check(
		'not without a check of the certificate',
		'swarm:loose',
		{},
		'usage: the context loose does not check the certificate of tcp://10.0.0.3:2376',
	);
	check('that is not there', 'swarm:prodd', {}, 'not-found: there is no context "swarm:prodd"');
	check('by its address', 'swarm:tcp://h:1', {}, 'tcp://h:1');
	check('DOCKER_HOST in the clear', 'swarm:env', {DOCKER_HOST: 'tcp://h'}, 'tcp://h:2375');
	check(
		'DOCKER_HOST by TLS',
		'swarm:env',
		{DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs},
		'tcp://h:2376 ca,cert,key',
	);
	check(
		'not without the files that it names',
		'swarm:env',
		{DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere'},
		'usage: DOCKER_CERT_PATH: there is no ca.pem in /nowhere',
	);
	check(
		'with others that stand in',
		'swarm:prod',
		{MUSTER_SWARM_MANAGERS: 'tcp://10.0.0.2:2376, tcp://10.0.0.3:2376'},
		'tcp://10.0.0.1:2376 ca,cert,key tcp://10.0.0.2:2376 ca,cert,key tcp://10.0.0.3:2376 ca,cert,key',
	);
});
