import {expect, test} from 'vitest';
import type {Listing} from '../../../source/commands/output/listings.ts';
import type {Call} from '../../../source/commands/verb.ts';
import {onScreen, watchList} from '../../../source/commands/watching/watch-list.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {Service} from '../../../source/core/model/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';

/** Names of services, watched; what is drawn is kept, the newest last. */
function watched(isTTY: boolean) {
	const clock = createManualClock();
	const cluster = createScriptedCluster(readCluster('service web · service api').services);
	const drawn: string[] = [];
	const stop = new AbortController();
	const stdout = {isTTY, rows: 10, columns: 80, write: (text: string) => drawn.push(text.replace('\x1b[H\x1b[J', ''))};
	const host = {...clock, stdout, interrupted: stop.signal};
	const listing: Listing<Service> = {columns: () => [{title: 'NAME', value: ({name}) => name}], shape: one => one};
	const ended = watchList({host} as unknown as Call, cluster, {
		query: {kind: 'service'},
		keep: () => true,
		compare: (a, b) => a.name.localeCompare(b.name),
		printing: {host, listing, context: 'x', format: 'table', headers: false, noColor: true} as never,
	}).then(String, (thrown: unknown) => toClusterError(thrown).code);
	return {
		cluster,
		drawn,
		ended,
		stop: () => stop.abort(),
		async turn(seconds: number) {
			for (let step = 0; step < seconds * 10; step++) {
				await settle();
				clock.advance(100);
			}

			await settle();
		},
	};
}

// An API server that was started again ended it after 10 s, and the table was gone with its context.
test('on a terminal the last state stays through an outage, and says how old it is', async () => {
	const list = watched(true);
	await list.turn(1);
	list.cluster.disconnect();
	await list.turn(30);
	expect(list.drawn.at(-1)).toMatch(/^As it was (29|30)s ago: .+\napi *\nweb *\n+$/);
	list.cluster.connect();
	await list.turn(2);
	expect(list.drawn.at(-1)).toMatch(/^api *\nweb *\n+$/);
	list.stop();
	expect(await list.ended).toBe('130');
});

test('a pipe is told by the exit', async () => {
	const list = watched(false);
	await list.turn(1);
	list.cluster.disconnect();
	await list.turn(30);
	expect(await list.ended).toBe('unreachable');
	expect(list.drawn).toHaveLength(1);
});

// Lines that wrapped pushed the heading out of a narrow terminal.
test('as many lines as there is room for, the wide ones with the rows that they take', () => {
	const shown = (text: string, rows: number) => onScreen(text, {rows, columns: 10}).replace('\x1b[H\x1b[J', '');
	expect(shown('a\nb\nc', 4)).toBe('a\nb\nc\n');
	expect(shown('a\nb\nc', 3)).toBe('a\nb\n');
	expect(shown(`NAME\n${'x'.repeat(11)}\ny\nz`, 5)).toBe(`NAME\n${'x'.repeat(11)}\ny\n`);
	expect(shown('\x1b[31m0123456789\x1b[0m\nb', 3)).toBe('\x1b[31m0123456789\x1b[0m\nb\n');
});
