import {expect, test} from 'vitest';
import type {Instance, Service} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {anInstance, aService} from '../helpers/objects.ts';
import {judgeFloors, type Told} from './floor.ts';

const spec = serviceSpec({template: {image: 'nodejs'}, replicas: 2, update: {order: 'stop-first', parallelism: 1}});
const service: Service = {...aService('web'), spec};

function serving(slot: number): Instance {
	const name = `web.${slot}`;
	return anInstance(name, {status: {state: 'running', at: 0, health: 'none', endpoints: []}});
}

function stopped(slot: number, revision: number): Told {
	const object = {...serving(slot), desired: 'stopped', desiredReason: 'updated', revision: String(revision)} as const;
	return {kind: 'instance', change: {type: 'put', object, revision: String(revision)}};
}

function judge(told: readonly Told[], span: {from: number; to: number}): string[] {
	const instances = [serving(1), serving(2)];
	const known = {
		instance: new Map(instances.map(instance => [instance.id, instance])),
		service: new Map([[service.id, service]]),
		node: new Map(),
	};
	return judgeFloors(known, told, span);
}

test('a second slot that is stopped for an update while the first is away is below the floor', () => {
	expect(judge([stopped(1, 5)], {from: 1, to: 9})).toEqual([]);
	expect(judge([stopped(2, 6), stopped(1, 5)], {from: 1, to: 9})).toEqual([
		'web.2 (web.2-id) is stopped: 2 of 2 are away then, 1 may be',
	]);
});

test('what was before a watch began counts, and is not judged; what it has not come to is not looked at', () => {
	expect(judge([stopped(1, 5), stopped(2, 6)], {from: 5, to: 9})).toHaveLength(1);
	expect(judge([stopped(1, 5), stopped(2, 6)], {from: 6, to: 9})).toEqual([]);
	expect(judge([stopped(1, 5), stopped(2, 6)], {from: 1, to: 5})).toEqual([]);
});
