import {usualTimes} from '../../source/core/autoscale/autoscale.ts';
import type {Kind, Meta, Objects, Service} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {stackLabel} from '../../source/core/stacks.ts';
import {anInstance, aService} from './objects.ts';
import {smallCluster} from './small-cluster.ts';

const minute = 60_000;

/** The small cluster, and something of every other kind: two of each, so that a cursor has somewhere to go. */
export function fullCluster(now: number): ReadonlyArray<Objects[Kind]> {
	const meta = (name: string): Meta => ({
		...{id: `${name}-id`, name, revision: '', createdAt: now - minute, updatedAt: now - minute},
	});
	const file = {spec: {labels: {}, data: {data: 'text\n'}}, version: 1, usedBy: ['web']};
	const pool = {
		min: 1,
		max: 5,
		labels: {},
		capacity: {},
		addAfterMs: 5000,
		idleMs: minute,
		idleShare: 0.5,
		cooldownMs: minute,
	};
	return [
		...smallCluster(now).map(inSwarm),
		...['shop_web', 'shop_db'].map(name => inStack(name, now)),
		scaledByLoad(inStack('blog_web', now)),
		// All on one node: two of them have a better place.
		service('lopsided', now, 4),
		...[1, 2, 3, 4].map(slot =>
			anInstance(`lopsided.${slot}`, {
				...{createdAt: now - minute, nodeId: 'n1-id', nodeName: 'n1'},
				status: {state: 'running', at: now - minute, health: 'healthy', endpoints: []},
			}),
		),
		{...service('nightly', now, 1), type: 'cronjob'},
		...['front', 'back'].map((name): Objects['network'] => ({
			...{
				...meta(name),
				kind: 'network',
				spec: {driver: 'overlay', labels: name === 'back' ? {[stackLabel]: 'shop'} : {}},
				reach: 'cluster',
				usedBy: ['web'],
			},
		})),
		...['data', 'logs'].map((name): Objects['volume'] => ({
			...{...meta(`${name}-volume`), kind: 'volume', spec: {labels: {}}, usedBy: ['api']},
		})),
		...['settings', 'motd'].map((name): Objects['config'] => ({...meta(name), kind: 'config', ...file})),
		...['password', 'token'].map((name): Objects['secret'] => ({
			...{...meta(name), kind: 'secret', spec: {labels: {}}, files: ['data'], version: 1, usedBy: ['web']},
		})),
		...['fast', 'cheap'].map((name): Objects['pool'] => ({
			...{...meta(name), kind: 'pool', spec: pool, removing: false},
			status: {nodes: 1, ready: 1, reason: 'as few as there may be', at: now},
		})),
		...['nodejs', 'jobs'].map((name): Objects['image'] => ({
			...{...meta(name), kind: 'image', command: ['node', 'server.js'], env: {}, path: `/images/${name}`},
			origin: 'built in',
		})),
	];
}

/** n1 leads, the others are workers. */
function inSwarm(object: Objects[Kind]): Objects[Kind] {
	if (object.kind !== 'node') return object;
	const role = object.name === 'n1' ? 'manager' : 'worker';
	const manager = role === 'manager' ? {manager: {isLeader: true, isReachable: true}} : {};
	return {...object, ...manager, role, spec: {...object.spec, role}};
}

function service(name: string, now: number, replicas: number, labels: Readonly<Record<string, string>> = {}): Service {
	return aService(name, {
		createdAt: now - minute,
		version: 2,
		spec: serviceSpec({replicas, labels, template: {image: 'nodejs'}}),
		status: {desired: replicas, running: replicas, healthy: replicas, completed: 0, ports: []},
	});
}

function scaledByLoad(service: Service): Service {
	const autoscale = {min: 1, max: 4, targets: [{metric: 'cpu', value: 0.7}] as const, ...usualTimes};
	return {...service, spec: {...service.spec, autoscale}};
}

function inStack(name: string, now: number): Service {
	return service(name, now, 1, {[stackLabel]: name.split('_')[0] ?? ''});
}
