import {expect, test} from 'vitest';
import {proxyFor} from '../../../../source/backends/k8s/connection/proxy.ts';

const server = 'https://api.example.org:6443';

test.each<[string, string, Record<string, string>, string | undefined]>([
	['none', server, {}, undefined],
	['one', server, {HTTPS_PROXY: 'http://proxy:3128'}, 'http://proxy:3128'],
	['in small letters', server, {https_proxy: 'http://proxy:3128'}, 'http://proxy:3128'],
	['without a scheme', server, {HTTPS_PROXY: 'proxy:3128'}, 'http://proxy:3128'],
	['for another protocol', server, {HTTP_PROXY: 'http://proxy:3128'}, undefined],
	['for plain HTTP', 'http://api.example.org', {HTTP_PROXY: 'http://proxy:3128'}, 'http://proxy:3128'],
	['not for this machine', 'https://127.0.0.1:6443', {HTTPS_PROXY: 'http://proxy:3128'}, undefined],
	['not for localhost', 'https://localhost:6443', {HTTPS_PROXY: 'http://proxy:3128'}, undefined],
	['not where all are exempt', server, {HTTPS_PROXY: 'http://p', NO_PROXY: '*'}, undefined],
	['not for a domain', server, {HTTPS_PROXY: 'http://p', NO_PROXY: 'a.b, example.org'}, undefined],
	['not below a domain', server, {HTTPS_PROXY: 'http://p', NO_PROXY: '.example.org'}, undefined],
	['for a domain that only ends alike', server, {HTTPS_PROXY: 'http://p', NO_PROXY: 'ample.org'}, 'http://p'],
	['for another port', server, {HTTPS_PROXY: 'http://p', NO_PROXY: 'example.org:443'}, 'http://p'],
	['not for its port', server, {HTTPS_PROXY: 'http://p', NO_PROXY: 'example.org:6443'}, undefined],
	['not for a network', 'https://10.1.2.3:6443', {HTTPS_PROXY: 'http://p', no_proxy: '10.0.0.0/8'}, undefined],
	['for another network', 'https://11.1.2.3:6443', {HTTPS_PROXY: 'http://p', no_proxy: '10.0.0.0/8'}, 'http://p'],
	['not for a network of IPv6', 'https://[fd00::1]:6443', {HTTPS_PROXY: 'http://p', no_proxy: 'fd00::/8'}, undefined],
])('%s', (_, url, env, expected) => {
	expect(proxyFor(url, env)).toBe(expected);
});
