import {expect, test} from 'vitest';
import type {Health, Instance} from '../../../source/core/model/index.ts';
import {instanceNote} from '../../../source/views/instances/columns.ts';
import {instancesScreen} from '../../../source/views/instances/screen.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {tableText, worldOf} from '../../helpers/table-text.ts';

const nodes = 'node n1 · node n2\nservice web replicas 9\n';

function check(name: string, instance: string, expected: string) {
	test(name, () => {
		const text = tableText(instancesScreen, `at 3m\n${nodes}instance ${instance}`);
		expect(text.split('\n')[1]?.replace(/ +/g, ' ').trim()).toBe(expected);
	});
}

check('running and healthy', 'web.1 on n1 running healthy at 50s', 'web.1 n1 running healthy – – – – 0 2m');
check('without a health check', 'web.1 on n1 running at 50s', 'web.1 n1 running – – – – – 0 2m');
check('not healthy yet', 'web.1 on n1 running checking at 100s', 'web.1 n1 running starting – – – – 0 80s');
check('unhealthy', 'web.1 on n1 running unhealthy at 100s restarts 4', 'web.1 n1 running unhealthy – – – – 4 80s');
check(
	'pending says why',
	'web.1 pending because "no node has 4 CPUs free"',
	'web.1 – pending no node has 4 CPUs free 3m',
);
check(
	'failed says why and how',
	'web.2 on n2 failed exit 3 because "it broke" at 170s',
	'web.2 n2 failed it broke, exit 3 10s',
);
check('failed says how', 'web.2 on n2 failed exit 3 at 170s', 'web.2 n2 failed exit 3 10s');
check(
	'stopping',
	'web.2 on n2 running healthy stopping "scaled down" at 170s',
	'web.2 n2 stopping healthy – – – – 0 10s',
);
check('stopped', 'web.2 on n2 stopped stopping "scaled down" at 170s', 'web.2 n2 stopped scaled down 10s');

test('what is on its way says how far it is', () => {
	const {instances} = readCluster(`${nodes}instance web.1 on n1 running checking`);
	const [instance] = instances as [Instance];
	const note = (health: Health, healthMessage: string) =>
		instanceNote({...instance, status: {...instance.status, health, healthMessage}}, {} as never);
	expect(note('starting', 'pulls web:1: 46 % of 2 layers')).toMatchObject({text: 'pulls web:1: 46 % of 2 layers'});
	expect(note('unhealthy', 'answers 500')).toMatchObject({text: 'unhealthy: answers 500'});
	expect(note('healthy', '')).toBe(undefined);
});

// Of a long name only the beginning was seen: all instances of a service looked alike.
test('instances of a long name are told apart in a narrow terminal', () => {
	const long = 'web-frontend-application-for-customers';
	const services = `node n1\nservice ${long} replicas 2\ninstance ${long}.1 on n1 running\ninstance ${long}.12 on n1 running`;
	const rows = tableText(instancesScreen, services, {columns: 60}).split('\n').slice(1);
	expect(rows.map(row => row.trim().split(' ')[0])).toEqual(['web-frontend-app…tomers.1', 'web-frontend-app…omers.12']);
});

// All but its first two letters were given to the names.
test('a long name gives way to what is wrong', () => {
	const long = 'web-frontend-application-for-customers';
	const one = `node n1\nservice ${long} replicas 1\ninstance ${long}.1 on n1 failed because "the image is missing in here"`;
	expect(tableText(instancesScreen, one, {columns: 68}).split('\n')[1]).toBe(
		'  web-frontend-app…omers.1  n1    failed  the image is missing…   0s',
	);
});

const ten = Array.from({length: 10}, (_, index) => `instance web.${10 - index} on n${1 + (index % 2)} running`).join(
	'\n',
);

function names(text: string): string {
	return text
		.split('\n')
		.slice(1)
		.map(line => line.trim().split(' ')[0])
		.join(' ');
}

test('slots count like numbers', () => {
	expect(names(tableText(instancesScreen, `${nodes}${ten}`))).toBe(
		'web.1 web.2 web.3 web.4 web.5 web.6 web.7 web.8 web.9 web.10',
	);
	const sort = {column: 'NAME', reverse: true};
	expect(names(tableText(instancesScreen, `${nodes}${ten}`, {sort}))).toBe(
		'web.10 web.9 web.8 web.7 web.6 web.5 web.4 web.3 web.2 web.1',
	);
});

test('those of a service, and those on a node', () => {
	const cluster = readCluster(`${nodes}service api\n${ten}\ninstance api.1 on n1 running`);
	expect(names(tableText(instancesScreen, cluster, {about: {kind: 'service', id: 'api-id', name: 'api'}}))).toBe(
		'api.1',
	);
	expect(names(tableText(instancesScreen, cluster, {about: {kind: 'node', id: 'n1-id', name: 'n1'}}))).toBe(
		'api.1 web.2 web.4 web.6 web.8 web.10',
	);
});

test('faults only', () => {
	const cluster = `${nodes}instance web.1 on n1 running healthy\ninstance web.2 on n1 running unhealthy\ninstance web.3 pending`;
	expect(names(tableText(instancesScreen, cluster, {faultsOnly: true}))).toBe('web.2 web.3');
});

test('one made of containers tells how many are ready, and over its note how often they were started again', () => {
	const {instances} = readCluster(`${nodes}instance web.1 on n1 running healthy`);
	const [web] = instances as [Instance];
	const broken = {...web.status, state: 'starting', reason: 'CrashLoopBackOff: exit code 3'} as const;
	const pods = [
		{...web, id: 'a', name: 'web-a', containers: {ready: 2, total: 3}},
		{...web, id: 'b', name: 'web-b', containers: {ready: 0, total: 1}, restarts: 5, status: broken},
	];
	const text = tableText(instancesScreen, {...readCluster(nodes), instances: pods}, {columns: 120});
	expect(text.split('\n').map(line => line.replace(/ +/g, ' ').trim().split(' – –')[0])).toEqual([
		'NAME NODE READY STATE CPU MEM REQ/S P99 RESTARTS ENDPOINT AGE',
		'web-a n1 2/3 running',
		'web-b n1 0/1 starting CrashLoopBackOff: exit code 3 · 5 restarts 0s',
	]);
});

test('by label it is found by those of its service, and by those that the engine gives it', () => {
	const {services, instances} = readCluster(`${nodes}instance web.1 on n1 running`);
	const [service] = services.map(one => ({
		...one,
		spec: {...one.spec, labels: {tier: 'front', app: 'x'}},
		instanceLabels: {app: 'web'},
	}));
	const world = worldOf({...readCluster(nodes), service: () => service});
	expect(instancesScreen.filterable(instances[0] as Instance, world).labels).toEqual({tier: 'front', app: 'web'});
});
