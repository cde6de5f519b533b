import {expect, test} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import {ClusterError} from '../../../source/core/error.ts';
import {noPorts} from '../../../source/views/ports.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** A dashboard that is told to open a context, which answers when the test says so. */
async function opening(typed = 'ctx swarm:far') {
	const {promise, resolve, reject} = Promise.withResolvers<Backend>();
	const contexts = {
		list: async () => [{name: 'swarm:far', engine: 'swarm', endpoint: ''}],
		open: async () => promise,
		peek: async () => promise,
	};
	const harness = await openUi([], {ports: {...noPorts, contexts}});
	let isClosed = false;
	const backend: Backend = {
		...createScriptedCluster([]),
		name: 'swarm:far',
		close() {
			isClosed = true;
		},
	};
	harness.press(':');
	await harness.advance(1);
	harness.press(...typed, 'enter');
	return {
		harness,
		backend,
		reject,
		/** What became of it, some time after it has answered. */
		async answered() {
			resolve(backend);
			await harness.advance(10);
			const {hasLeft, ui} = harness;
			return {hasLeft, isClosed, wish: ui.wish};
		},
	};
}

test('a context that answers is gone on to', async () => {
	const {harness, backend, answered} = await opening();
	expect(harness.message).toContain('Opening swarm:far …');
	expect(await answered()).toEqual({hasLeft: true, isClosed: false, wish: {backend}});
});

test('a list in another context is gone on to by what it is called there, too', async () => {
	// Which there are is asked for when the first one is typed.
	const {harness, backend, answered} = await opening('svc @swarm:far');
	expect(harness.message).toContain('Opening swarm:far …');
	expect((await answered()).wish).toEqual({backend, screen: 'services'});
});

test('a list in the context that is shown is that list', async () => {
	const {harness} = await opening('no @local');
	expect([harness.ui.screen.id, harness.message.includes('Opening')]).toEqual(['nodes', false]);
});

test('what is typed while it is waited for is for nothing else', async () => {
	const {harness} = await opening();
	harness.press(...'nj:', 'enter');
	expect([harness.message.includes('Opening swarm:far'), harness.ui.screen.id]).toEqual([true, 'services']);
});

test('one that is not waited for any longer does not take the place of this one when it answers', async () => {
	const {harness, answered} = await opening();
	harness.press('esc');
	await harness.advance(10);
	expect(harness.message).toBe('✗ swarm:far was not waited for');
	expect(await answered()).toEqual({hasLeft: false, isClosed: true, wish: undefined});
});

test('one that never answers is given up', async () => {
	const {harness, answered} = await opening();
	await harness.advance(60_000);
	expect(harness.message).toContain('swarm:far does not answer');
	expect(await answered()).toEqual({hasLeft: false, isClosed: true, wish: undefined});
});

test('nor does it come after the dashboard was left', async () => {
	const {harness, answered} = await opening();
	harness.press('ctrl-c');
	expect(await answered()).toEqual({hasLeft: true, isClosed: true, wish: undefined});
});

test('nor after the terminal has hung up', async () => {
	const {harness, answered} = await opening();
	harness.ui.close();
	expect(await answered()).toEqual({hasLeft: false, isClosed: true, wish: undefined});
});

test('one that cannot be opened leaves all as it is', async () => {
	const {harness, reject} = await opening();
	reject(new ClusterError('unreachable', 'swarm:far: connection refused'));
	await harness.advance(10);
	expect([harness.message, harness.hasLeft]).toEqual(['✗ swarm:far: connection refused', false]);
	harness.press(':', ...'nodes', 'enter');
	expect(harness.ui.screen.id).toBe('nodes');
});
