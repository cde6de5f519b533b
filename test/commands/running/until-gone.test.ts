import {expect, test} from 'vitest';
import type {Progress} from '../../../source/actions/action.ts';
import {untilGone} from '../../../source/commands/running/until-gone.ts';
import type {Change} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {ResourceFacet} from '../../../source/core/resource/facet.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';
import {aBoat, boats} from '../../helpers/scripted-resources.ts';
import {run} from '../run.ts';

/** A boat that was removed, and that its harbour holds until it lets go. */
function held({finalizers = ['example.org/harbour'], timeoutMs}: {finalizers?: string[]; timeoutMs?: number} = {}) {
	const clock = createManualClock();
	const stop = new AbortController();
	let isThere = true;
	let change = Promise.withResolvers<void>();
	const resources = {
		async table() {
			return {type: boats, columns: [], rows: isThere ? [aBoat('one', [])] : [], revision: '1'};
		},
		async *watch(_: unknown, __: unknown, ___: unknown, signal: AbortSignal): AsyncGenerator<Change<'resource'>> {
			signal.addEventListener('abort', () => change.resolve());
			while (isThere && !signal.aborted) {
				await change.promise;
				change = Promise.withResolvers();
				if (isThere) yield {type: 'put', object: aBoat('one', ['2']), revision: '2'};
				else yield {type: 'remove', id: 'one', revision: '3'};
			}
		},
		read: async () => ({kind: 'Boat', metadata: {name: 'one', finalizers}}),
	} satisfies Partial<ResourceFacet>;
	const shown: string[] = [];
	const show = (states: ReadonlyMap<string, Progress>) => {
		for (const progress of states.values()) {
			if (progress.state === 'waiting') shown.push(progress.trouble ?? progress.message);
		}
	};
	const host = {...clock, interrupted: stop.signal};
	const facets = {resources: resources as never};
	const ended = untilGone({facets}, [aBoat('one', [])], {host, timeoutMs, show}).then(
		({messages, interrupted}) => `${interrupted ? 'interrupted: ' : ''}${messages.join()}`,
		(thrown: unknown) => `${toClusterError(thrown).code}: ${toClusterError(thrown).message}`,
	);
	return {
		ended,
		shown,
		stop,
		async turn(seconds: number) {
			for (let step = 0; step < seconds * 10; step++) {
				await settle();
				clock.advance(100);
			}

			await settle();
		},
		letGo() {
			isThere = false;
			change.resolve();
		},
	};
}

test('what is held is waited for, and by whom is said', async () => {
	const boat = held();
	await boat.turn(5);
	expect(boat.shown.at(-1)).toBe('held by the finalizer example.org/harbour');
	boat.letGo();
	await boat.turn(1);
	expect(await boat.ended).toBe('one is removed');
});

test('for a while, or as long as was asked for', async () => {
	const boat = held();
	await boat.turn(16);
	expect(await boat.ended).toBe('failed: one is still there: held by the finalizer example.org/harbour');
	const asked = held({timeoutMs: 30_000});
	await asked.turn(31);
	expect(await asked.ended).toBe(
		'timeout: not reached within 30s: one is still there: held by the finalizer example.org/harbour',
	);
});

test('what nobody holds may take its time', async () => {
	const boat = held({finalizers: []});
	await boat.turn(60);
	boat.letGo();
	await boat.turn(1);
	expect(await boat.ended).toBe('one is removed');
});

test('ctrl-c leaves it', async () => {
	const boat = held();
	await boat.turn(2);
	boat.stop.abort();
	expect(await boat.ended).toBe('interrupted: one is still there: held by the finalizer example.org/harbour');
});

test('what is gone at once is not spoken of, nor is another one of its name', async () => {
	let isThere = true;
	const resources: Partial<ResourceFacet> = {
		table: async () => ({
			type: boats,
			columns: [],
			rows: [aBoat('one', [], {id: isThere ? 'one' : 'another'})],
			revision: '1',
		}),
		async remove() {
			isThere = false;
		},
	};
	const facets = {resources: resources as ResourceFacet};
	const {code, stdout, stderr} = await run('resource rm --yes boats one', {facets});
	expect([code, stdout, stderr]).toEqual([0, 'one\n', '']);
});

test.each([
	['--timeout 1s', 7, 'Not reached within 1s: one is still there: held by the finalizer x/y.'],
	['-d', 0, ''],
])('resource rm %s of what is held ends with %d', async (flag, code, text) => {
	const resources: Partial<ResourceFacet> = {
		table: async () => ({type: boats, columns: [], rows: [aBoat('one', [])], revision: '1'}),
		async *watch(_, __, since, signal) {
			yield {type: 'bookmark', revision: since};
			await new Promise(resolve => signal.addEventListener('abort', resolve));
		},
		read: async () => ({metadata: {name: 'one', finalizers: ['x/y']}}),
		async remove() {},
	};
	const facets = {resources: resources as ResourceFacet};
	const ran = await run(`resource rm --yes ${flag} boats one`, {facets});
	expect([ran.code, ran.stdout]).toEqual([code, 'one\n']);
	expect(ran.stderr.replace('muster resource rm: ', '').trim()).toBe(text);
});
