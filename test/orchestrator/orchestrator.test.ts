import {describe, expect, test} from 'vitest';
import {createMemoryStore} from '../../source/orchestrator/store/memory-store.ts';
import {createMemoryDisk} from '../helpers/memory-disk.ts';
import {anEvent} from '../helpers/objects.ts';
import {createRecordedFleet} from '../helpers/recorded-fleet.ts';

// What the simulation found, each with its story.

const web = {kind: 'service', name: 'web'} as const;
const endpoints = [{target: 80, host: '127.0.0.1', port: 20_000}];

describe('an instance that is to stop', () => {
	/** One instance with a port, running, and in the table that is in force. */
	function open() {
		const fleet = createRecordedFleet();
		fleet.hello('n1');
		fleet.clock.advance(10);
		const template = {image: 'exec:/bin/true'};
		const ports = [{published: 8080, target: 80, protocol: 'tcp'}] as const;
		fleet.orchestrator.applyService(web, {replicas: 1, template, ports}, {create: true});
		fleet.clock.advance(10);
		const [instance] = [...fleet.orchestrator.store.all('instance')];
		fleet.report('n1', {[instance!.id]: {endpoints}});
		fleet.clock.advance(10);
		const inForce = fleet.tables.at(-1)!;
		expect(inForce.routes[0]?.targets).toHaveLength(1);
		const stops = () => fleet.sent.filter(({type}) => type === 'stop').length;
		return {...fleet, inForce, stops};
	}

	// The drain of its node and the stop came in one turn: the stop was held back only for the table before the newest one,
	// which still named the instance, and went out as soon as that was in force.
	test('waits for the table that no longer names it', () => {
		const {orchestrator, clock, tables, inForce, stops} = open();
		orchestrator.routesApplied(inForce.serial - 1);
		orchestrator.applyNode({kind: 'node', name: 'n1'}, {availability: 'drained', drainDeadlineAt: 0}, {});
		clock.advance(10);
		expect(tables.at(-1)?.routes[0]?.targets).toEqual([]);
		orchestrator.routesApplied(inForce.serial);
		clock.advance(10);
		expect(stops()).toBe(0);
		orchestrator.routesApplied(tables.at(-1)!.serial);
		clock.advance(10);
		expect(stops()).toBe(1);
	});

	test('waits a second for a gateway that says nothing', () => {
		const {orchestrator, clock, stops} = open();
		orchestrator.applyService(web, {replicas: 0}, {});
		clock.advance(990);
		expect(stops()).toBe(0);
		clock.advance(50);
		expect(stops()).toBe(1);
	});
});

// After a power cut the store did not know any more that an instance had been on n2, and placed it on n1. The folder on n2
// still had it, ended: its report was taken for that of the new run.
test('a report from a node that does not have the instance is dropped', () => {
	const {orchestrator, clock, hello, report} = createRecordedFleet();
	hello('n1');
	clock.advance(10);
	orchestrator.applyService(web, {template: {image: 'exec:/bin/true'}}, {create: true});
	clock.advance(10);
	const [{id} = {id: ''}] = [...orchestrator.store.all('instance')];
	hello('n2', {[id]: {state: 'failed'}});
	clock.advance(10);
	expect(orchestrator.store.get('instance', id)?.status.state).toBe('assigned');
	report('n1', {[id]: {}});
	clock.advance(10);
	expect(orchestrator.store.get('instance', id)?.status.state).toBe('running');
});

test('and the node is told to throw it away', () => {
	const {orchestrator, clock, hello, sent, nodeId} = createRecordedFleet();
	hello('n1');
	clock.advance(10);
	orchestrator.applyService(web, {template: {image: 'exec:/bin/true'}}, {create: true});
	clock.advance(10);
	const [{id} = {id: ''}] = [...orchestrator.store.all('instance')];
	hello('n2', {[id]: {}});
	clock.advance(10);
	expect(sent.filter(command => command.nodeId === nodeId('n2'))).toMatchObject([{type: 'forget', instanceId: id}]);
});

// After a power cut the store held as pending what an agent had run already, and placed it there once more: the agent, which
// knew it as ended, did nothing, and it stayed assigned for ever.
test('what a power cut made pending again is replaced by another, not run twice', () => {
	const {orchestrator, clock, hello, sent} = createRecordedFleet();
	orchestrator.applyService(web, {template: {image: 'exec:/bin/true'}}, {create: true});
	clock.advance(10);
	const [{id} = {id: ''}] = [...orchestrator.store.all('instance')];
	expect(orchestrator.store.get('instance', id)?.status.state).toBe('pending');
	hello('n1', {[id]: {state: 'failed'}});
	clock.advance(10);
	expect(orchestrator.store.get('instance', id)?.status.state).toBe('stopped');
	const runs = sent.filter(({type}) => type === 'run');
	expect(runs).toMatchObject([{assignment: {slot: 1}}]);
	expect(runs[0]).not.toHaveProperty('assignment.instanceId', id);
});

// A change of a node was acknowledged and then went with the node.
test('a node that is being removed is not changed any more', () => {
	const {orchestrator} = createRecordedFleet();
	const n2 = {kind: 'node', name: 'n2'} as const;
	orchestrator.remove(n2, {});
	expect(() => orchestrator.applyNode(n2, {availability: 'cordoned'}, {})).toThrow('Node n2 is being removed.');
});

// Opened, written without haste and cut off twice, a store told a second history under the revisions of the first.
test('what two power cuts took never comes back under the same revisions', () => {
	const disk = createMemoryDisk();
	const write = (durable: boolean, id: string) => {
		const store = createMemoryStore({persistence: disk});
		store.transact(durable, 0, tx => tx.put('event', anEvent(id)));
		return store.revision;
	};
	write(true, 'first');
	const told = write(false, 'second');
	disk.losePower();
	expect(write(false, 'third')).toBeGreaterThan(told);
});

// An agent was killed between the notes of an instance and its start: the next one told of it as preparing, which was taken for
// running, and it waited for ever for the word to start it.
test('what an agent had prepared, and its next one tells of, is asked for again', () => {
	const {orchestrator, clock, hello, sent} = createRecordedFleet();
	hello('n1');
	clock.advance(10);
	orchestrator.applyService(web, {template: {image: 'exec:/bin/true'}}, {create: true});
	clock.advance(10);
	const [{id} = {id: ''}] = [...orchestrator.store.all('instance')];
	const runs = () => sent.filter(command => command.type === 'run').length;
	expect(runs()).toBe(1);
	hello('n1', {[id]: {state: 'preparing'}});
	clock.advance(10);
	expect(runs()).toBe(2);
	hello('n1', {[id]: {state: 'starting'}});
	clock.advance(10);
	expect(runs()).toBe(2);
});

// On a busy machine agents took longer than a lease to start: their nodes went down, were fenced, and started once more.
test('an agent that is started has twenty seconds to come, from then on four to be heard of', () => {
	const {orchestrator, clock, hello} = createRecordedFleet();
	const stateOf = (name: string) => orchestrator.store.byName('node', name)?.status;
	clock.advance(19_000);
	hello('n1');
	clock.advance(900);
	expect([stateOf('n1'), stateOf('n2')]).toMatchObject([{state: 'ready'}, {state: 'unknown'}]);
	clock.advance(2000);
	expect(stateOf('n2')).toMatchObject({state: 'down', message: 'not heard of for 20 s'});
	expect(stateOf('n1')).toMatchObject({state: 'ready'});
	clock.advance(2000);
	expect(stateOf('n1')).toMatchObject({state: 'down', message: 'not heard of for 4 s'});
});
