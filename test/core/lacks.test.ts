import {expect, test} from 'vitest';
import {lacksOf} from '../../source/core/lacks.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {anEvent} from '../helpers/objects.ts';

/** `refused`: by service, what an event says of an instance that could not be made. */
function check(what: string, cluster: string, expected: string, refused: Readonly<Record<string, string>> = {}): void {
	test(what, () => {
		const world = readCluster(cluster);
		const events = Object.entries(refused).map(([name, message]) => {
			const id = world.services.find(service => service.name === name)?.id ?? '';
			return anEvent(name, {name: 'FailedCreate', about: {kind: 'service', id, name}, message, createdAt: world.now});
		});
		const services = world.services.map(service => {
			const healthy = world.instances.filter(
				one => one.serviceId === service.id && one.status.health === 'healthy',
			).length;
			return {...service, status: {...service.status, healthy}};
		});
		const lacks = lacksOf(services, {...world, events});
		const lines = world.services.map(({id, name}) => `${name}: ${lacks.get(id) ?? '–'}`);
		expect(lines.join('\n')).toBe(
			expected
				.trim()
				.split('\n')
				.map(line => line.trim())
				.join('\n'),
		);
	});
}

check(
	'what its instances say, where it says nothing',
	`at 10m · node n1 · service web replicas 2 desired 2 · service api replicas 1 desired 1 says "quota" · service ok replicas 1 desired 1 
	instance web.1 on n1 preparing unhealthy because "ImagePullBackOff" · instance web.2 on n1 starting
	instance api.1 on n1 preparing unhealthy because "ImagePullBackOff"
	instance ok.1 on n1 running healthy`,
	`web: ImagePullBackOff
	api: –
	ok: –`,
);
check(
	'what could not even be made, by the last event',
	'at 10m · node n1 · service db replicas 3 desired 3 kind statefulset · service web replicas 1 desired 1\ninstance web.1 on n1 running healthy',
	`db: no more pods: exceeded quota: q
	web: –`,
	{
		db: 'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: q (17 times)',
		web: 'long past',
	},
);
check(
	'as a ReplicaSet says it, and a webhook',
	'at 10m · service a global desired 3 · service b global desired 3',
	`a: no more pods: exceeded quota: q
	b: admission webhook "x.y" denied the request: no`,
	{
		a: '(combined from similar events): Error creating: pods "ds-x" is forbidden: exceeded quota: q (8 times)',
		b: 'Error creating: admission webhook "x.y" denied the request: no',
	},
);
