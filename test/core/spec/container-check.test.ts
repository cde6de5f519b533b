import {describe, expect, test} from 'vitest';
import type {Patch} from '../../../source/core/backend.ts';
import type {ServiceSpec} from '../../../source/core/model/index.ts';
import {checkServiceSpec, serviceSpec} from '../../../source/core/spec/service-spec.ts';

function given(json: string): Patch<ServiceSpec> {
	return JSON.parse(json) as Patch<ServiceSpec>;
}

describe("docker's rarer options in a spec", () => {
	function check(name: string, patch: string, ...expected: string[]): void {
		test(name, () => {
			const spec = serviceSpec(given(patch), serviceSpec({template: {image: 'nodejs'}}));
			expect(checkServiceSpec(spec).map(({path, message}) => `${path} ${message}`)).toStrictEqual(expected);
		});
	}

	check(
		'each is of its kind',
		`{"endpointMode":"vip","template":{"limit":{"pids":0},"reserve":{"generic":{"gpu":0}},"container":{"hostname":"a b",
		"hosts":["db"],"dns":["one"],"groups":["a:b"],"oomScoreAdj":1001,"capAdd":["NET_ADMIN"],"sysctls":{"x":"1"},
		"ulimits":{"nofile":{"soft":2,"hard":1}},"credentialSpec":"a","isolation":"default","colour":"red"}}}`,
		'spec.template.reserve.generic.gpu must be a whole number from 1 to 1000000, found 0',
		'spec.template.limit.pids must be a whole number from 1 to 4194304, found 0',
		'spec.template.container.hostname must be a host name such as web-1.example.org of at most 63 characters, found "a b"',
		'spec.template.container.hosts[0] must be NAME:ADDRESS, such as db:10.0.0.5 of at most 512 characters, found "db"',
		'spec.template.container.dns[0] must be an address such as 10.0.0.53 of at most 64 characters, found "one"',
		'spec.template.container.groups[0] must be a group by name or number of at most 255 characters, found "a:b"',
		'spec.template.container.oomScoreAdj must be a whole number from -1000 to 1000, found 1001',
		'spec.template.container.capAdd[0] must be a capability such as CAP_NET_ADMIN, or ALL of at most 64 characters, found "NET_ADMIN"',
		'spec.template.container.sysctls has the key "x", but a key must be the name of a kernel parameter such as net.core.somaxconn',
		'spec.template.container.ulimits.nofile.soft must be at most what hard says, 1, found 2',
		'spec.template.container.isolation must be one of process, hyperv, found "default"',
		'spec.template.container.credentialSpec must be config://NAME, file://NAME or registry://KEY of at most 512 characters, found "a"',
		'spec.template.container has an unknown member "colour"; known are labels, hostname, hosts, dns, dnsSearch, dnsOptions, entrypoint, init, groups, readOnly, oomScoreAdj, swapBytes, swappiness, capAdd, capDrop, sysctls, ulimits, isolation, credentialSpec, log, noHealthcheck',
		'spec.endpointMode must be one of dnsrr, found "vip"',
	);
	check(
		'a check and none',
		`{"template":{"health":{"test":{"type":"tcp"}},"container":{"noHealthcheck":true}}}`,
		'spec.template.container.noHealthcheck must be left out where there is a spec.template.health, found true',
	);
	check(
		'swap of another size',
		`{"template":{"limit":{"memoryBytes":4194304},"container":{"swapBytes":-2,"swappiness":101}}}`,
		'spec.template.container.swapBytes must be a whole number from -1 to 9007199254740991, found -2',
		'spec.template.container.swappiness must be a whole number from 0 to 100, found 101',
	);
	check(
		'swap without a limit of memory',
		`{"template":{"container":{"swapBytes":0}}}`,
		'spec.template.container.swapBytes must be left out where there is no spec.template.limit.memoryBytes, found 0',
	);
	check(
		'a capability that is added and dropped',
		`{"template":{"container":{"capAdd":["CAP_KILL"],"capDrop":["CAP_KILL"]}}}`,
		'spec.template.container.capDrop drops CAP_KILL, which is added, too',
	);

	test('options that say nothing are none', () => {
		const template = (container: string) =>
			serviceSpec(given(`{"template":{"image":"x","container":${container}}}`)).template;
		const empty = '{"dns":[],"sysctls":{},"readOnly":false,"noHealthcheck":false,"log":{"options":{}}}';
		expect(template(empty)).toStrictEqual(serviceSpec({template: {image: 'x'}}).template);
		expect(template('{"init":false,"log":{"driver":"a","options":{}}}').container).toStrictEqual({
			init: false,
			log: {driver: 'a'},
		});
		const base = serviceSpec(given('{"template":{"image":"x","reserve":{"generic":{"gpu":1}}}}'));
		const without = serviceSpec(given('{"template":{"reserve":{"generic":{"gpu":null}}}}'), base);
		expect(without.template.reserve).toStrictEqual({cpus: 0, memoryBytes: 0});
	});
});
