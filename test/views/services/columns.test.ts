import {expect, test} from 'vitest';
import type {Service} from '../../../source/core/model/index.ts';
import {servicesScreen} from '../../../source/views/services/screen.ts';
import type {Place} from '../../../source/views/state.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {tableText} from '../../helpers/table-text.ts';

type Seen = {readonly desired: number; readonly running: number; readonly healthy: number; readonly message?: string};

/** The row of one service, without titles. */
function check(
	name: string,
	cluster: string,
	seen: Seen & Partial<Service['status']>,
	expected: string,
	parts: Partial<Service> = {},
) {
	test(name, () => {
		const world = readCluster(cluster);
		const services = world.services.map(service => ({
			...service,
			...parts,
			status: {...service.status, ...seen},
		}));
		expect(
			tableText(servicesScreen, {...world, services})
				.split('\n')[1]
				?.replace(/ +/g, ' ')
				.trim(),
		).toBe(expected);
	});
}

check(
	'all healthy',
	'at 4m\nservice web replicas 3',
	{desired: 3, running: 3, healthy: 3},
	'web nodejs 3/3 █████████████ – – – – 4m',
);
check(
	'some not healthy yet',
	'at 10s\nservice web replicas 4 port 8080:80',
	{desired: 4, running: 3, healthy: 2},
	'web nodejs 3/4 ██████▌░░░░░░ – – – – 8080→80 10s',
);
check(
	'what stands in the way comes before figures',
	'at 61s\nservice batch replicas 3 image jobs',
	{desired: 3, running: 0, healthy: 0, message: 'no node has 4 CPUs free'},
	'batch jobs 0/3 ✗ no node has 4 CPUs free 61s',
);
check(
	'a long reason takes what room there is',
	'at 61s\nservice batch replicas 3 image jobs',
	{desired: 3, running: 0, healthy: 0, message: 'no node has 4 CPUs free: n1 has 1.5, n2 0.5, n3 nothing at all'},
	'batch jobs 0/3 ✗ no node has 4 CPUs free: n1 has 1.5, n2 0.5, n… 61s',
);
check(
	'where only some are missing and nothing else is said, what one of them says',
	'at 61s · node n1 · service web replicas 2\ninstance web.2 on n1 preparing unhealthy because "ImagePullBackOff"',
	{desired: 2, running: 1, healthy: 1},
	'web nodejs 1/2 ✗ ImagePullBackOff 61s',
);
check(
	'an update whose new ones do not come up, while the old ones go on',
	'at 61s · node n1 · service web replicas 1 updating\ninstance web.2 on n1 preparing unhealthy because "ImagePullBackOff"',
	{desired: 1, running: 1, healthy: 1},
	'web nodejs 1/1 ⟳ 0/1 ✗ ImagePullBackOff 61s',
);
check(
	'a message is no news once all is well',
	'at 61s\nservice web replicas 1',
	{desired: 1, running: 1, healthy: 1, message: 'was slow'},
	'web nodejs 1/1 █████████████ – – – – 61s',
);
check(
	'a rollout',
	'at 1m\nservice web replicas 8',
	{desired: 8, running: 8, healthy: 7},
	'web nodejs 8/8 ⟳ 5/8 ███████████▍░ – – – – 60s',
	{rollout: {state: 'updating', isRollback: false, startedAt: 0, updated: 5, total: 8, failed: 0}},
);
check(
	'a job tells what is done',
	'at 1m\nservice batch job 5',
	{desired: 5, running: 2, healthy: 2, completed: 3},
	'batch nodejs 3/5 done ███████▊░░░░░ – – – – 60s',
);
check(
	'scaled to nothing',
	'at 1m\nservice web replicas 0',
	{desired: 0, running: 0, healthy: 0},
	'web nodejs 0/0 none wanted – – – – 60s',
);
check(
	'what runs by a schedule tells it',
	'at 1m\nservice nightly job 1',
	{desired: 0, running: 0, healthy: 0, message: 'suspended · at 0 3 * * *'},
	'nightly nodejs 0/0 done suspended · at 0 3 * * * 60s',
);
check(
	'being removed',
	'at 1m\nservice web replicas 3 removing',
	{desired: 0, running: 2, healthy: 2},
	'web nodejs 2/0 being removed, 2 left 60s',
);
check(
	'being removed, and kept by somebody',
	'at 1m\nservice web replicas 3 removing',
	{desired: 0, running: 0, healthy: 0, message: 'held by the finalizer x'},
	'web nodejs 0/0 being removed, 0 left, held by the finalizer x 60s',
);
check(
	'a port that the gateway has not given yet',
	'at 1m\nservice web replicas 1 port 0:80',
	{desired: 1, running: 1, healthy: 1},
	'web nodejs 1/1 █████████████ – – – – …→80 60s',
);

test('a hostile name cannot move the cursor', () => {
	const {services} = readCluster('service web');
	const name = 'w\u001B[2Je\nb\u202E';
	const text = tableText(servicesScreen, {services: services.map(service => ({...service, name}))});
	expect(text.split('\n')[1]).toContain('we b<202e>');
	expect(text).not.toContain('\u001B');
});

function checkOrder(name: string, place: Partial<Place>, expected: string) {
	test(name, () => {
		const world = readCluster(
			'service web replicas 2 image a · service api replicas 9 image b · service zoo replicas 1 image a',
		);
		const services = world.services.map(service => ({
			...service,
			status: {...service.status, running: service.spec.replicas},
		}));
		const lines = tableText(servicesScreen, {...world, services}, place)
			.split('\n')
			.slice(1);
		expect(lines.map(line => line.trim().split(' ')[0]).join(' ')).toBe(expected);
	});
}

checkOrder('ordered by name', {}, 'api web zoo');
checkOrder('by a column', {sort: {column: 'REPLICAS', reverse: false}}, 'zoo web api');
checkOrder('the other way round', {sort: {column: 'REPLICAS', reverse: true}}, 'api web zoo');
checkOrder('equal ones by name', {sort: {column: 'IMAGE', reverse: true}}, 'api web zoo');
checkOrder('filtered', {filter: 'b'}, 'api web');
test('where the load says how many run, the least and the most stand beside it; else there is no such column', () => {
	const world = readCluster('at 4m\nservice web replicas 3 · service api replicas 1');
	const autoscale = {min: 2, max: 10, targets: [], upWindowMs: 0, downWindowMs: 0, cooldownMs: 0};
	const services = world.services.map(service => ({
		...service,
		spec: {...service.spec, ...(service.name === 'web' && {autoscale})},
	}));
	const [titles, api, web] = tableText(servicesScreen, {...world, services}).split('\n');
	expect(titles).toMatch(/REPLICAS +AUTO +HEALTH/);
	expect([api?.includes('–10'), web?.includes(' 2–10 ')]).toEqual([false, true]);
	expect(tableText(servicesScreen, world)).not.toContain('AUTO');
});

test('where the next update would not begin there is a sign of it', () => {
	const world = readCluster('at 4m\nservice web replicas 3');
	const services = world.services.map(service => ({
		...service,
		spec: {...service.spec, paused: true},
		status: {...service.status, desired: 3, running: 3, healthy: 3},
	}));
	expect(tableText(servicesScreen, {...world, services})).toContain('3/3 ‖');
});
