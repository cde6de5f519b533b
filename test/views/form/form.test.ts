import {expect, test} from 'vitest';
import type {Action} from '../../../source/actions/action.ts';
import {equalCommand} from '../../../source/actions/fields/equal-command.ts';
import {actions} from '../../../source/actions/index.ts';
import type {Kind, Objects, Service} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {type Form, fieldNamed, formOf, isTouched, readForm} from '../../../source/views/form/form.ts';
import {lineOf} from '../../../source/views/form/line-edit.ts';
import {aNode, aService} from '../../helpers/objects.ts';

const action = (id: string) => actions.get(id) as Action;

const web: Service = aService('web', {
	spec: serviceSpec({
		replicas: 3,
		labels: {tier: 'front', team: 'a b'},
		template: {
			image: 'nodejs',
			command: ['run', 'a b'],
			env: {A: '1', B: 'two words'},
			health: {test: {type: 'http', path: '/health'}},
			limit: {memoryBytes: 64 * 2 ** 20},
			networks: [{network: 'back'}],
		},
		ports: [{published: 8080, target: 80, protocol: 'tcp'}],
		placement: {constraints: ['node.labels.zone==a']},
	}),
});
const n1 = aNode('n1', {spec: {availability: 'active', labels: {zone: 'a', old: 'x'}, capacity: {}}});

function fill(form: Form, texts: Readonly<Record<string, string>>): Form {
	const fields = form.fields.map(field =>
		texts[field.label] === undefined ? field : {...field, line: lineOf(texts[field.label] ?? '')},
	);
	return {...form, fields};
}

/** What is typed, by label → the equal command, or what is wrong. */
function check(
	name: string,
	id: string,
	target: Objects[Kind] | undefined,
	texts: Readonly<Record<string, string>>,
	expected: string,
) {
	test(name, () => {
		const form = fill(formOf(action(id), target), texts);
		const unknown = Object.keys(texts).filter(label => !form.fields.some(field => field.label === label));
		expect(unknown).toEqual([]);
		const {input, errors} = readForm(form);
		const wrong = [...errors].map(([field, message]) => `${field}: ${message}`).join('\n');
		expect(wrong || equalCommand(form.action, target?.name, input)).toBe(expected);
	});
}

const create = (name: string, texts: Readonly<Record<string, string>>, expected: string) =>
	check(name, 'service.create', undefined, texts, expected);

create('nothing yet', {}, 'muster service create');
create(
	'a name and an image',
	{image: ' nodejs ', name: 'web', replicas: '3'},
	'muster service create --name=web --replicas=3 nodejs',
);
create('words as in a shell', {image: 'sh', command: `-c 'echo "a b"'`}, `muster service create sh -c 'echo "a b"'`);
create('several ports', {publish: '8080:80 9090:90'}, 'muster service create --publish=8080:80 --publish=9090:90');
create('a value with spaces', {env: `A=1 'B=two words'`}, `muster service create --env=A=1 '--env=B=two words'`);
create('a quote that is not closed', {env: `'A=1`}, 'env: a quote is not closed');
create('a variable without a value', {env: 'HOME'}, 'env: "HOME" has no value: write HOME=VALUE');
create('no number', {replicas: 'many'}, 'replicas: "many" is not a whole number from 0 to 100000');
create('a switch', {tty: 'true', 'health-tcp': 'false'}, 'muster service create --health-tcp=false --tty');
create('a choice', {mode: 'job'}, 'muster service create --mode=job');
create(
	'units',
	{'limit-memory': '64m', 'stop-grace-period': '90s'},
	'muster service create --limit-memory=64m --stop-grace-period=1m30s',
);

const update = (name: string, texts: Readonly<Record<string, string>>, expected: string) =>
	check(name, 'service.update', web, texts, expected);

update('what is not touched is not given', {}, 'muster service update web');
update('another image', {image: 'static'}, 'muster service update --image=static web');
update('a variable more', {env: `A=1 'B=two words' C=3`}, 'muster service update --env=C=3 web');
update('a variable changed and one taken away', {env: 'A=2'}, 'muster service update --env=A=2 --env-rm=B web');
update('no variable any more', {env: ''}, 'muster service update --env-rm=A --env-rm=B web');
update('another port', {publish: '8081:80'}, 'muster service update --publish=8081:80 --publish-rm=8080:80 web');
update('labels in another order are the same', {label: `'team=a b' tier=front`}, 'muster service update web');
update(
	'another constraint',
	{constraint: 'node.labels.zone==b'},
	`muster service update --constraint=node.labels.zone==b --constraint-rm=node.labels.zone==a web`,
);
update('another network', {network: 'front'}, 'muster service update --network=front --network-rm=back web');
update('other arguments', {args: `run 'c d'`}, `muster service update '--args=run '\\''c d'\\''' web`);
update(
	'what has to be something',
	{image: ''},
	'image: it can be replaced here, not taken away: that can be done in its YAML',
);
const targets = [
	{metric: 'requests', value: 50},
	{metric: 'metric:queue', value: 3},
] as const;
const autoscaled: Service = {
	...web,
	spec: {
		...web.spec,
		autoscale: {min: 1, max: 8, targets, upWindowMs: 0, downWindowMs: 60_000, cooldownMs: 30_000},
	},
};
check(
	'of a policy what is typed; what it has is there',
	'service.autoscale',
	autoscaled,
	{min: '1', max: '9', requests: '50', cpu: '70%', metric: 'queue=3', 'down-window': '1m', cooldown: '30s'},
	'muster service autoscale --max=9 --cpu=70% web',
);
check(
	'a figure of your own that is taken away',
	'service.autoscale',
	autoscaled,
	{metric: ''},
	'muster service autoscale --metric=queue=0 web',
);
check('labels of a node', 'node.label', n1, {labels: 'zone=b new=1'}, 'muster node label n1 zone=b new=1 old-');
check('a number of replicas', 'service.scale', web, {replicas: '5'}, 'muster service scale web=5');

test('an update shows what is there now', () => {
	const texts = Object.fromEntries(
		formOf(action('service.update'), web).fields.map(({label, line}) => [label, line.text]),
	);
	expect(texts).toMatchObject({
		image: 'nodejs',
		args: `run 'a b'`,
		replicas: '3',
		env: `A=1 'B=two words' `,
		label: `tier=front 'team=a b' `,
		publish: '8080:80 ',
		'health-http': '/health',
		'health-cmd': '',
		'limit-memory': '64m',
		constraint: 'node.labels.zone==a ',
		network: 'back ',
		tty: 'false',
		'restart-condition': 'any',
	});
	expect(Object.keys(texts).filter(label => /-(add|rm)$/.test(label))).toEqual([]);
});

test('what is typed behind several values is one more', () => {
	const form = formOf(action('service.update'), web);
	const before = form.fields.find(({label}) => label === 'label')?.line.text;
	const {input} = readForm(fill(form, {label: `${before}new=1`}));
	expect(input).toEqual({label: [{key: 'new', value: '1'}]});
});

test('every action has a form whose fields are its own, each once', () => {
	for (const one of actions.values()) {
		const labels = formOf(one, undefined).fields.map(({label}) => label);
		expect([one.id, labels]).toEqual([one.id, [...new Set(labels)]]);
		expect(isTouched(formOf(one, undefined))).toBe(false);
	}
});

test('a message finds its field', () => {
	const form = formOf(action('service.create'), undefined);
	const found = (message: string) => fieldNamed(form, message)?.name;
	expect([found('--replicas must be'), found('IMAGE is missing'), found('--name: x'), found('else')]).toEqual([
		'replicas',
		'image',
		'name',
		undefined,
	]);
});
