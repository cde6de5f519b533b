import {expect, test} from 'vitest';
import type {Instance} from '../../../source/core/model/index.ts';
import {ServiceUsage} from '../../../source/views/live/service-usage.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {anInstance} from '../../helpers/objects.ts';

const instance = (slot: number, memoryBytes: number) =>
	anInstance(`web.${slot}`, {serviceId: 'web-id', usage: {memoryBytes, at: 0}});

/** So many instances of one service, each with one byte. */
function rig(count: number) {
	const byId = new Map<string, Instance>();
	const instances = {version: 0, byId};
	const clock = createManualClock(0);
	const usage = new ServiceUsage(instances, clock);
	const put = (slot: number, bytes: number) => {
		byId.set(`web.${slot}`, instance(slot, bytes));
		instances.version++;
	};
	for (let slot = 0; slot < count; slot++) {
		put(slot, 1);
	}

	const used = () => {
		usage.look();
		return usage.sums.services.get('web-id')?.memoryBytes;
	};
	return {usage, clock, put, used};
}

test('few are summed up at every change', () => {
	const {put, used} = rig(10);
	expect(used()).toBe(10);
	put(3, 5);
	expect(used()).toBe(14);
});

test('many at first at once, then a part at a time and no more often than each second', () => {
	const {usage, clock, put, used} = rig(10_000);
	expect([used(), usage.isBehind]).toEqual([10_000, false]);
	put(9999, 5);
	expect([used(), used(), usage.isBehind]).toEqual([10_000, 10_000, true]);
	expect([used(), usage.isBehind]).toEqual([10_004, false]);
	put(9999, 6);
	expect([used(), usage.isBehind]).toEqual([10_004, true]);
	clock.advance(1000);
	expect([used(), used(), used(), usage.isBehind]).toEqual([10_004, 10_004, 10_005, false]);
});

test('what was told holds until they have been read', () => {
	const {usage, put, used} = rig(0);
	usage.told({services: new Map([['web-id', {measured: 1, memoryBytes: 7, at: 0}]]), nodes: new Map()});
	expect(used()).toBe(7);
	put(1, 2);
	expect(used()).toBe(2);
	usage.told({services: new Map(), nodes: new Map()});
	expect(used()).toBe(2);
});
