import {describe, expect, test} from 'vitest';
import {placeOf} from '../../../../source/actions/compose/files/node.ts';
import {parseCompose} from '../../../../source/commands/output/read-yaml.ts';
import {toClusterError} from '../../../../source/core/error.ts';
import {loadTexts} from './compose-texts.ts';

type Texts = Readonly<Record<string, string>>;

/** What the files are together; or why they are nothing. */
function check(what: string, texts: Texts, expected: string, files?: readonly string[]): void {
	test(what, async () => {
		const {document} = await loadTexts(texts, files, {LEVEL: 'debug'});
		expect(document).toEqual(parseCompose(expected)[0]);
	});
}

function refused(what: string, texts: Texts, expected: string, files?: readonly string[]): void {
	test(what, async () => {
		const said = await loadTexts(texts, files, {LEVEL: 'debug'}).then(
			() => 'it was taken',
			(thrown: unknown) => {
				const {code, message} = toClusterError(thrown);
				return `${code}: ${message}`;
			},
		);
		expect(said).toBe(expected);
	});
}

describe('extends', () => {
	check(
		'a service of the same file, which extends another',
		{
			'compose.yaml': `services:
  a: {image: i, environment: {A: 1}, ports: [80]}
  b: {extends: a, environment: [B=2], command: b}
  c: {extends: {service: b}, command: c, ports: !reset []}`,
		},
		`services:
  a: {image: i, environment: {A: 1}, ports: [80]}
  b: {image: i, environment: {A: 1, B: '2'}, ports: [80], command: b}
  c: {image: i, environment: {A: 1, B: '2'}, command: c}`,
	);
	check(
		'one of another file, whose paths are seen from there',
		{
			'compose.yaml': 'services: {web: {extends: {file: base/common.yaml, service: app}, env_file: own.env}}',
			'base/common.yaml': `services:
  app:
    extends: {file: ../deep.yaml, service: root}
    image: "app:$LEVEL"
    env_file: [./a.env, {path: b.env, required: false}]
    volumes: ['./data:/d', 'named:/n', ~/x:/x, {type: bind, source: conf, target: /c}, {type: volume, source: v, target: /v}]
volumes: {named: }`,
			'deep.yaml': 'services: {root: {volumes: [./deep:/deep], user: u}}',
		},
		`services:
  web:
    image: app:debug
    user: u
    env_file: [/shop/base/a.env, {path: /shop/base/b.env, required: false}, own.env]
    volumes: ['/shop/deep:/deep', '/shop/base/data:/d', 'named:/n', '/shop/base/~/x:/x', {type: bind, source: /shop/base/conf, target: /c}, {type: volume, source: v, target: /v}]`,
	);
	check(
		'one of an earlier file',
		{'compose.yaml': 'services: {a: {image: i}}', 'over.yaml': 'services: {b: {extends: a, user: u}}'},
		'services: {a: {image: i}, b: {image: i, user: u}}',
		['compose.yaml', 'over.yaml'],
	);
	refused(
		'itself, the long way round',
		{
			'compose.yaml': 'services: {a: {extends: b}, b: {extends: {service: c, file: x/o.yaml}}}',
			'x/o.yaml': 'services: {c: {extends: {service: a, file: ../compose.yaml}}}',
		},
		'usage: x/o.yaml: services.c.extends goes round: compose.yaml: a → compose.yaml: b → x/o.yaml: c → compose.yaml: a',
	);
	refused(
		'itself',
		{'compose.yaml': 'services: {a: {extends: a}}'},
		'usage: compose.yaml: services.a.extends goes round: compose.yaml: a → compose.yaml: a',
	);
	refused(
		'one that is not there',
		{'compose.yaml': 'services: {a: {extends: {service: c, file: o.yaml}}}', 'o.yaml': 'services: {b: {}}'},
		'usage: compose.yaml: services.a.extends names the service "c", which o.yaml has not',
	);
	refused(
		'one of a file that is not there',
		{'compose.yaml': 'services: {a: {extends: {service: c, file: o.yaml}}}'},
		'usage: compose.yaml: services.a.extends.file there is no o.yaml',
	);
	refused(
		'what is no service',
		{'compose.yaml': 'services: {a: {extends: {file: o.yaml}}}'},
		'usage: compose.yaml: services.a.extends must be the name of a service, or service and file',
	);
	refused(
		'with a word that is none',
		{'compose.yaml': 'services: {a: {extends: {service: b, files: o.yaml}}}'},
		'usage: compose.yaml: services.a.extends.files is not known here: service and file are',
	);
});

describe('include', () => {
	check(
		'a file of another folder, whose paths and variables are its own',
		{
			'compose.yaml': 'include: [db/compose.yaml]\nservices: {web: {image: "$LEVEL$OWN"}}',
			'db/compose.yaml': `name: db
services: {db: {image: "pg:$OWN$LEVEL", env_file: db.env, volumes: ['./data:/d'], secrets: [pw]}}
secrets: {pw: {file: pw.txt}}
configs: {c: {content: ./c}}
x-own: 1`,
			'db/.env': 'OWN=16\nLEVEL=none',
		},
		`services:
  web: {image: debug}
  db: {image: 'pg:16debug', env_file: /shop/db/db.env, volumes: ['/shop/db/data:/d'], secrets: [pw]}
secrets: {pw: {file: /shop/db/pw.txt}}
configs: {c: {content: ./c}}`,
	);
	check(
		'several files as one, with the folder and variables that are said',
		{
			'compose.yaml': `include:
  - path: [db/a.yaml, db/b.yaml]
    project_directory: other
    env_file: [one.env, two.env]
  - path: more.yaml`,
			'db/a.yaml': 'services: {db: {image: $V, env_file: x.env, ports: [1]}}',
			'db/b.yaml': 'services: {db: {ports: [2], user: $U}}',
			'more.yaml': 'services: {more: {image: m, env_file: x.env}}',
			'one.env': 'V=one\nU=u',
			'two.env': 'V=two',
		},
		`services:
  db: {image: two, env_file: /shop/other/x.env, ports: [1, 2], user: u}
  more: {image: m, env_file: x.env}`,
	);
	check(
		'a file that includes another, and extends what that has',
		{
			'compose.yaml': 'include: [a/a.yaml]\nservices: {web: {extends: b}}',
			'a/a.yaml': 'include: [b/b.yaml]',
			'a/b/b.yaml': 'services: {b: {image: i, env_file: e}}',
		},
		'services: {b: {image: i, env_file: /shop/a/b/e}, web: {image: i, env_file: /shop/a/b/e}}',
	);
	check(
		'what is changed by a later file',
		{
			'compose.yaml': 'include: [a.yaml]',
			'a.yaml': 'services: {a: {image: i}}',
			'over.yaml': 'services: {a: {image: j}}',
		},
		'services: {a: {image: j}}',
		['compose.yaml', 'over.yaml'],
	);
	check(
		'what both say alike',
		{
			'compose.yaml': 'include: [a.yaml]\nservices: {b: {image: i}}\nnetworks: {n: }',
			'a.yaml': 'services: {a: {image: i}}\nnetworks: {n: }',
		},
		'services: {b: {image: i}, a: {image: i}}\nnetworks: {n: }',
	);
	refused(
		'what both say otherwise',
		{'compose.yaml': 'include: [a.yaml]\nservices: {a: {image: j}}', 'a.yaml': 'services: {a: {image: i}}'},
		'usage: compose.yaml: services.a is another than services.a of a.yaml, which is included: change it by a further path there',
	);
	refused(
		'itself, the long way round',
		{
			'compose.yaml': 'include: [a/a.yaml]',
			'a/a.yaml': 'include: [{path: b.yaml}]',
			'a/b.yaml': 'include: [../compose.yaml]',
		},
		'usage: a/b.yaml: include[0] goes round: compose.yaml → a/a.yaml → a/b.yaml → compose.yaml',
	);
	refused(
		'variables that are not there',
		{'compose.yaml': 'include: [{path: a.yaml, env_file: nope.env}]', 'a.yaml': 'services: {}'},
		'usage: compose.yaml: include[0].env_file there is no file nope.env',
	);
	refused('no list', {'compose.yaml': 'include: a.yaml'}, 'usage: compose.yaml: include must be a list of files');
	refused(
		'nothing',
		{'compose.yaml': 'include: [{project_directory: a}]'},
		'usage: compose.yaml: include[0] must be a file, or path with one or several',
	);
	refused(
		'with a word that is none',
		{'compose.yaml': 'include: [{path: a.yaml, envfile: b}]'},
		'usage: compose.yaml: include[0].envfile is not known here: path, project_directory, env_file are',
	);
	refused(
		'a file that is not there',
		{'compose.yaml': 'include: [a.yaml]'},
		'usage: compose.yaml: include[0] there is no a.yaml',
	);
});

test('variables of each file are told by it', async () => {
	const texts = {
		'compose.yaml': 'services: {a: {image: "$NO"}}',
		'over.yaml': `services: {a: {user: "$NO", hostname: "\${LEVEL"}, b: {image: "\${NEED:?which}"}}`,
	};
	const said = await loadTexts(texts, ['compose.yaml', 'over.yaml'], {LEVEL: 'x'}).catch(toClusterError);
	expect((said as Error).message.split('\n')).toEqual([
		`over.yaml: services.a.hostname has a \${ without its } in "\${LEVEL"`,
		'over.yaml: services.b.image needs the variable NEED: which',
	]);
	const {notes} = await loadTexts({...texts, 'over.yaml': 'services: {a: {user: "$NO$NO"}}'}, [
		'compose.yaml',
		'over.yaml',
	]);
	expect(notes).toEqual(['NO: is not set, and taken as empty']);
});

test('where something was written', async () => {
	const {places, fileCount} = await loadTexts(
		{
			'compose.yaml': 'services: {web: {extends: {file: base.yaml, service: app}, ports: [1, 2]}}',
			'base.yaml': 'services: {app: {image: i, ports: [3]}}',
			'over.yaml': 'services: {web: {ports: [2, 4], environment: [A=1]}}',
		},
		['compose.yaml', 'over.yaml'],
	);
	const at = (path: string) => Object.values(placeOf(places, path) ?? {}).join(' ');
	expect(fileCount).toBe(3);
	expect(at('services.web.image')).toBe('base.yaml services.app.image');
	expect(at('services.web.ports[0].target')).toBe('base.yaml services.app.ports[0].target');
	expect(at('services.web.ports[1]')).toBe('compose.yaml services.web.ports[0]');
	expect(at('services.web.ports[3]')).toBe('over.yaml services.web.ports[1]');
	expect(at('services.web.deploy.mode')).toBe('base.yaml services.app.deploy.mode');
	expect(at('name')).toBe('');
});

test('files that are none', async () => {
	await expect(loadTexts({'compose.yaml': '[1]'})).rejects.toThrow(
		'compose.yaml: is no Compose file: it is no mapping',
	);
	await expect(
		loadTexts({'compose.yaml': 'services: {a: {image: i}}', 'over.yaml': ''}, ['compose.yaml', 'over.yaml']),
	).resolves.toMatchObject({
		document: {services: {a: {image: 'i'}}},
	});
});

test('files that include each other again and again come to an end', async () => {
	const levels = Array.from({length: 12}, (_, level) => {
		const next = `l${level + 1}.yaml`;
		return [`l${level}.yaml`, `include: [${next}, ${next}]`] as const;
	});
	const texts = {...Object.fromEntries(levels), 'l12.yaml': 'services: {a: {image: i}}'};
	await expect(loadTexts(texts, ['l0.yaml'])).rejects.toThrow('is one of more than 1000 files that are included');
});
