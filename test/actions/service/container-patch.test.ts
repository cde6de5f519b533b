import {describe, expect, test} from 'vitest';
import type {Action} from '../../../source/actions/action.ts';
import {containerPatch} from '../../../source/actions/service/container-patch.ts';
import {createService} from '../../../source/actions/service/create-service.ts';
import {updateService} from '../../../source/actions/service/update-service.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {ContainerOptions} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {readInput} from '../plan-text.ts';

/** Flags in; out what they make of the template, of which these options are there already. */
function textOf(present: ContainerOptions | undefined, words: readonly string[]): string {
	try {
		const action = (present ? updateService : createService) as Action;
		const {template} = serviceSpec({template: {image: 'x', ...(present && {container: present})}});
		const {container, ...others} = containerPatch(readInput(action, words), present && template) as Record<
			string,
			unknown
		>;
		return [container, ...(Object.keys(others).length > 0 ? [others] : [])].map(one => JSON.stringify(one)).join(' ');
	} catch (error) {
		return toClusterError(error).message;
	}
}

describe('a new service', () => {
	function check(words: string[], expected: string): void {
		test(words.join(' '), () => expect(textOf(undefined, words)).toBe(expected));
	}

	check(
		['capAdd=net_admin', 'capAdd=CAP_KILL', 'capDrop=all'],
		'{"capAdd":["CAP_KILL","CAP_NET_ADMIN"],"capDrop":["ALL"]}',
	);
	check(['capAdd=KILL', 'capDrop=KILL'], '{"capAdd":["CAP_KILL"],"capDrop":[]}');
	check(['containerLabel=a=b', 'containerLabel=c'], '{"labels":{"a":"b","c":""}}');
	check(['dns=10.0.0.1', 'dns=10.0.0.2', 'dns=10.0.0.1'], '{"dns":["10.0.0.1","10.0.0.2"]}');
	check(
		['dnsOption=ndots:2', 'dnsSearch=lan', 'group=12'],
		'{"dnsOptions":["ndots:2"],"dnsSearch":["lan"],"groups":["12"]}',
	);
	check(["entrypoint=sh -c 'a  b'"], '{"entrypoint":["sh","-c","a  b"]}');
	check(["entrypoint=sh 'a"], '--entrypoint: a quote is not closed in "sh \'a"');
	check(['host=db:10.0.0.5', 'hostname=h', 'init'], '{"hosts":["db:10.0.0.5"],"hostname":"h","init":true}');
	check(['init=false', 'oomScoreAdj=-5', 'readOnlyRoot'], '{"init":false,"readOnly":true,"oomScoreAdj":-5}');
	check(['isolation=hyperv', 'credentialSpec=file://a'], '{"isolation":"hyperv","credentialSpec":"file://a"}');
	check(['memorySwap=64m', 'memorySwappiness=0'], '{"swapBytes":67108864,"swappiness":0}');
	check(['memorySwap=-1', 'memorySwappiness=-1'], '{"swapBytes":-1,"swappiness":null}');
	check(['memorySwap=-2'], '"-2" is not a size such as 64m, 512MiB or 1g');
	check(['logDriver=local', 'logOpt=max-size=1m'], '{"log":{"driver":"local","options":{"max-size":"1m"}}}');
	check(['noHealthcheck'], '{"noHealthcheck":true} {"health":null}');
	check(['noHealthcheck', 'healthStartInterval=2s'], '--no-healthcheck does not go with other flags of health checks');
	check(['noHealthcheck', 'healthRetries=2'], '--no-healthcheck does not go with other flags of health checks');
	check(['sysctl=net.core.somaxconn=1'], '{"sysctls":{"net.core.somaxconn":"1"}}');
	check(
		['ulimit=nofile=1:2', 'ulimit=core=-1'],
		'{"ulimits":{"nofile":{"soft":1,"hard":2},"core":{"soft":-1,"hard":-1}}}',
	);
	check(['ulimit=nofile'], '"nofile" is not a limit: NAME=SOFT[:HARD], such as nofile=1024:4096; -1 is no limit');
	check(['genericResource=gpu'], '"gpu" is not so many of a kind: KIND=N, such as gpu=2');
});

describe('a service that has some', () => {
	function check(present: ContainerOptions, words: string[], expected: string): void {
		test(`${JSON.stringify(present)} ${words.join(' ')}`, () => expect(textOf(present, words)).toBe(expected));
	}

	check({dns: ['10.0.0.1']}, ['dnsAdd=10.0.0.2', 'dnsRm=10.0.0.1'], '{"dns":["10.0.0.2"]}');
	check({dns: ['10.0.0.1']}, ['dnsRm=10.0.0.9'], '--dns-rm: there is no "10.0.0.9"; there are: 10.0.0.1');
	check({hosts: ['a:1.1.1.1', 'b:1.1.1.1']}, ['hostRm=a:1.1.1.1'], '{"hosts":["b:1.1.1.1"]}');
	check({sysctls: {'a.b': '1'}}, ['sysctlAdd=c.d=2', 'sysctlRm=a.b'], '{"sysctls":{"a.b":null,"c.d":"2"}}');
	check({ulimits: {core: {soft: 1, hard: 1}}}, ['ulimitRm=core'], '{"ulimits":{"core":null}}');
	check({labels: {a: '1'}}, ['containerLabelRm=a', 'containerLabelAdd=b=2'], '{"labels":{"a":null,"b":"2"}}');
	// What was dropped is first only no longer dropped, as with docker.
	check({capDrop: ['CAP_KILL']}, ['capAdd=KILL'], '{"capAdd":[],"capDrop":[]}');
	check({}, ['capAdd=KILL'], '{"capAdd":["CAP_KILL"],"capDrop":[]}');
	check({capAdd: ['CAP_KILL']}, ['capDrop=KILL', 'capDrop=CHOWN'], '{"capAdd":[],"capDrop":["CAP_CHOWN"]}');
	// Options are those of a driver.
	check({log: {driver: 'local', options: {a: '1'}}}, ['logOpt=b=2'], '{"log":{"options":{"b":"2"}}}');
	check({log: {driver: 'local', options: {a: '1'}}}, ['logDriver=local'], '{"log":{"driver":"local"}}');
	check(
		{log: {driver: 'local', options: {a: '1'}}},
		['logDriver=syslog', 'logOpt=b=2'],
		'{"log":{"driver":"syslog","options":{"a":null,"b":"2"}}}',
	);
	check({isolation: 'hyperv'}, ['isolation=default'], '{"isolation":null}');
	check({noHealthcheck: true}, ['healthCmd=true'], '{"noHealthcheck":null}');
	check({noHealthcheck: true}, ['noHealthcheck=false'], '{"noHealthcheck":null}');
});
