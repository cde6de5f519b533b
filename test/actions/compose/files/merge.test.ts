import {describe, expect, test} from 'vitest';
import {parseCompose} from '../../../../source/commands/output/read-yaml.ts';
import {loadTexts} from './compose-texts.ts';

/** A member of a service in two files → what it is in both together; `-`: it is not there. */
function check(what: string, base: string, over: string, expected: string): void {
	test(what, async () => {
		const service = (members: string) => `services: {web: {${members}}}`;
		const {document} = await loadTexts({'compose.yaml': service(base), 'over.yaml': service(over)}, [
			'compose.yaml',
			'over.yaml',
		]);
		expect((document as {services: {web: object}}).services.web).toEqual(
			(parseCompose(`{${expected}}`) as object[])[0],
		);
	});
}

/** The same of whole files. */
function checkFiles(what: string, base: string, over: string, expected: string): void {
	test(what, async () => {
		const {document} = await loadTexts({'compose.yaml': base, 'over.yaml': over}, ['compose.yaml', 'over.yaml']);
		expect(document).toEqual(parseCompose(expected)[0]);
	});
}

describe('values', () => {
	check('the later one', 'image: a, user: u', 'image: b', 'image: b, user: u');
	check('an empty one says nothing', 'image: a', 'image: ', 'image: a');
	check(
		'mappings are merged',
		'deploy: {replicas: 2, mode: global}',
		'deploy: {replicas: 3}',
		'deploy: {replicas: 3, mode: global}',
	);
	check('lists are appended, without what is there', 'cap_add: [A, B]', 'cap_add: [B, C]', 'cap_add: [A, B, C]');
	check(
		'a command is replaced',
		'command: [a, b], entrypoint: [e]',
		'command: c, entrypoint: []',
		'command: c, entrypoint: []',
	);
	check(
		'so is the test of a health check',
		'healthcheck: {test: [CMD, a], retries: 2}',
		'healthcheck: {test: [CMD, b]}',
		'healthcheck: {test: [CMD, b], retries: 2}',
	);
	check(
		'one text is a list of it',
		'dns: 1.1.1.1, env_file: a.env',
		'dns: [8.8.8.8], env_file: b.env',
		'dns: [1.1.1.1, 8.8.8.8], env_file: [a.env, b.env]',
	);
	check(
		'options of another driver',
		'logging: {driver: local, options: {a: b}}',
		'logging: {driver: syslog, options: {c: d}}',
		'logging: {driver: syslog, options: {c: d}}',
	);
	check(
		'options of the same driver',
		'logging: {driver: local, options: {a: b}}',
		'logging: {options: {c: d}}',
		'logging: {driver: local, options: {a: b, c: d}}',
	);
	check(
		'a number, and both limits',
		'ulimits: {nofile: 5}',
		'ulimits: {nofile: {soft: 1, hard: 2}}',
		'ulimits: {nofile: {soft: 1, hard: 2}}',
	);
});

describe('what is a mapping, or a list that stands for one', () => {
	check(
		'variables',
		'environment: [A=1, B=2, C]',
		'environment: {B: 3, D: 4}',
		`environment: {A: '1', B: 3, C: , D: 4}`,
	);
	check('one without a value is taken from outside', 'environment: {A: 1}', 'environment: [A]', 'environment: {A: }');
	check('labels', 'labels: {a: b=c}', 'labels: [d=e=f, g]', 'labels: {a: b=c, d: e=f, g: }');
	check(
		'hosts',
		`extra_hosts: ['a:1.1.1.1']`,
		'extra_hosts: [a=2.2.2.2, b=::1]',
		`extra_hosts: {a: 2.2.2.2, b: '::1'}`,
	);
	check(
		'networks',
		'networks: [front]',
		'networks: {front: {aliases: [w]}, back: }',
		'networks: {front: {aliases: [w]}, back: }',
	);
	check(
		'networks that are said again',
		'networks: {front: {aliases: [w]}}',
		'networks: [front]',
		'networks: {front: {aliases: [w]}}',
	);
	check(
		'what it needs',
		'depends_on: [db]',
		'depends_on: {cache: {condition: service_healthy}}',
		'depends_on: {db: , cache: {condition: service_healthy}}',
	);
});

describe('what is there once', () => {
	check(
		'ports by all that they say',
		`ports: ['8080:80', 9000]`,
		`ports: ['8080:80/tcp', '8081:80', {target: 9000, mode: host}]`,
		`ports: ['8080:80/tcp', {target: 9000, mode: host}, '8081:80']`,
	);
	check(
		'mounts by their targets',
		`volumes: ['data:/d', './c:/c:ro', /s]`,
		`volumes: ['other:/d', {type: tmpfs, target: /c}, /t]`,
		`volumes: ['other:/d', {type: tmpfs, target: /c}, /s, /t]`,
	);
	check(
		'a mount that is said in part',
		'volumes: [{type: bind, source: ./a, target: /a}]',
		'volumes: [{target: /a, read_only: true}]',
		'volumes: [{type: bind, source: ./a, target: /a, read_only: true}]',
	);
	check(
		'configs by their targets',
		'configs: [a, {source: b, target: /etc/b}]',
		'configs: [{source: c, target: /a}, {source: b, target: /etc/b, mode: 288}]',
		'configs: [{source: c, target: /a}, {source: b, target: /etc/b, mode: 288}]',
	);
	check(
		'secrets by their targets',
		'secrets: [key, pw]',
		'secrets: [{source: other, target: /run/secrets/key}, pw]',
		'secrets: [{source: other, target: /run/secrets/key}, pw]',
	);
});

describe('tags', () => {
	check('what is taken away', 'image: a, ports: [1, 2], user: u', 'ports: !reset [], user: !reset null', 'image: a');
	check(
		'one of a mapping',
		'environment: {A: 1, B: 2}',
		'environment: {A: !reset null, C: 3}',
		'environment: {B: 2, C: 3}',
	);
	check('one of a list', 'cap_add: [A]', 'cap_add: [B, !reset C]', 'cap_add: [A, B]');
	check('what takes the place whole', 'ports: [1, 2]', 'ports: !override [3]', 'ports: [3]');
	check(
		'a mapping that does',
		'deploy: {replicas: 2, mode: global}',
		'deploy: !override {replicas: 3}',
		'deploy: {replicas: 3}',
	);
	check(
		'in one file alone',
		'image: a',
		'user: !override u, tty: !reset true, cap_add: [!reset A, B]',
		'image: a, user: u, cap_add: [B]',
	);
	check(
		'of what holds an anchor',
		'x-d: &d {mode: global, endpoint_mode: vip}, deploy: {replicas: 2}',
		'x-e: &e {mode: job}, deploy: !override {<<: *e, labels: {a: b}}',
		'x-d: {mode: global, endpoint_mode: vip}, x-e: {mode: job}, deploy: {mode: job, labels: {a: b}}',
	);
	checkFiles(
		'a service that goes, and a config whose label goes',
		'services: {a: {image: i}, b: {image: j}}\nconfigs: {c: {content: x, labels: [l=1, m=2]}}',
		'services: {b: !reset null}\nconfigs: {c: {labels: {l: !reset ""}}}',
		`services: {a: {image: i}}\nconfigs: {c: {content: x, labels: {m: '2'}}}`,
	);
});

checkFiles(
	'another file has more services, and another name',
	'name: a\nservices: {a: {image: i}}',
	'name: b\nservices: {b: {image: j}}\nvolumes: {v: }',
	'name: b\nservices: {a: {image: i}, b: {image: j}}\nvolumes: {v: }',
);
