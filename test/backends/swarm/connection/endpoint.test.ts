import {describe, expect, test} from 'vitest';
import type {RawNode} from '../../../../source/backends/swarm/api-types.ts';
import {endpointText, parseEndpoint} from '../../../../source/backends/swarm/connection/endpoint.ts';
import {nodeEndpoint} from '../../../../source/backends/swarm/connection/node-endpoint.ts';
import {toClusterError} from '../../../../source/core/error.ts';

describe('the address of a Docker API', () => {
	function check(text: string, expected: string): void {
		test(text, () => {
			expect(attempt(() => endpointText(parseEndpoint(text, 'HERE')))).toBe(expected);
		});
	}

	check('unix:///var/run/docker.sock', 'unix:///var/run/docker.sock');
	check('tcp://10.0.0.1', 'tcp://10.0.0.1:2375');
	check('10.0.0.1:2376', 'tcp://10.0.0.1:2376');
	check('https://h', 'tcp://h:2376');
	check('tcp://[fe80::1]:2376', 'tcp://[fe80::1]:2376');
	check('ssh://ops@prod-1', 'ssh://ops@prod-1');
	check('ssh://ops@prod-1:2222/run/d.sock', 'ssh://ops@prod-1:2222/run/d.sock');
	check('ssh://ops:secret@prod-1', 'usage: HERE: a password has no place in ssh://prod-1');
	check('ssh://-oProxyCommand=x', 'usage: HERE: "ssh://-oProxyCommand=x" is not the address of a Docker API');
	check('ssh://-o@host', 'usage: HERE: "ssh://-o@host" is not the address of a Docker API');
	check('unix://relative', 'usage: HERE: "unix://relative" is not the address of a Docker API');
	check('ftp://x', 'usage: HERE: "ftp://x" is not the address of a Docker API');
	check('tcp://', 'usage: HERE: "tcp://" is not the address of a Docker API');
	check('tcp://\u001b[31mx', 'usage: HERE: "tcp://x" is not the address of a Docker API');
});

describe('the way to the engine of another node', () => {
	const node = {
		ID: 'abc',
		Description: {Hostname: 'n2'},
		Status: {State: 'ready', Addr: '10.0.0.12'},
	} as unknown as RawNode;

	function check(name: string, manager: string, template: string | undefined, expected: string): void {
		test(name, () => {
			const endpoint = parseEndpoint(manager, 'HERE', manager.startsWith('tcp') ? {ca: 'CA'} : undefined);
			expect(attempt(() => endpointText(nodeEndpoint(node, {endpoint, template})))).toBe(expected);
		});
	}

	check('as to the manager, by TLS', 'tcp://10.0.0.11:2376', undefined, 'tcp://10.0.0.12:2376');
	check('as to the manager, by ssh', 'ssh://ops@10.0.0.11', undefined, 'ssh://ops@10.0.0.12');
	check(
		'a socket leads nowhere else',
		'unix:///s',
		undefined,
		'unsupported: n2 has what is asked for, and only its own engine leads into it: the way there is not known.',
	);
	check('by its name', 'unix:///s', 'ssh://{name}', 'ssh://n2');
	check('by its address', 'unix:///s', 'tcp://{address}:99', 'tcp://10.0.0.12:99');
	check('by its id', 'unix:///s', 'unix:///run/{id}', 'unix:///run/abc');
});

function attempt(run: () => string): string {
	try {
		return run();
	} catch (thrown) {
		const {code, message} = toClusterError(thrown);
		return `${code}: ${message}`;
	}
}
