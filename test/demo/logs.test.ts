import {expect, test} from 'vitest';
import type {LogLine} from '../../source/core/backend.ts';
import {named, play} from './play.ts';

test('the last lines, in order, and the same for who looks twice', async () => {
	const demo = play();
	demo.clock.advance(1000);
	const {id} = await named(demo, 'instance', 'orders-api.1');
	const lines = await demo.logs({instanceIds: [id], tail: 20});
	expect(lines).toHaveLength(20);
	expect(lines.map(({at}) => at)).toEqual(lines.map(({at}) => at).toSorted((a, b) => a - b));
	expect(lines[0]?.text).toMatch(/^(INFO|WARN) /);
	expect(await demo.logs({instanceIds: [id], tail: 20})).toEqual(lines);
	const since = lines[10]?.at ?? 0;
	expect(await demo.logs({instanceIds: [id], sinceAt: since})).toEqual(lines.filter(({at}) => at >= since));
	demo.backend.close();
});

test('one that crashes says why', async () => {
	const demo = play();
	demo.clock.advance(20_000);
	const {id} = await named(demo, 'service', 'ledger-sync');
	const lines = await demo.logs({serviceId: id});
	const texts = lines.map(({text}) => text).join('\n');
	expect(texts).toContain('starting, pid');
	expect(texts).toContain('ERROR connect ECONNREFUSED ledger-db:5432');
	expect(texts).toContain('FATAL giving up, exit code 1');
	demo.backend.close();
});

test('follows: new lines as they come, each once, also of instances that come later', async () => {
	const demo = play();
	demo.clock.advance(2000);
	const {id} = await named(demo, 'service', 'orders-api');
	const abort = new AbortController();
	const lines: LogLine[] = [];
	const reading = (async () => {
		for await (const line of demo.backend.facets.logs?.(
			{instanceIds: [], serviceId: id, follow: true, tail: 0},
			abort.signal,
		) ?? []) {
			lines.push(line);
		}
	})();
	const first = await named(demo, 'instance', 'orders-api.1');
	for (let step = 0; step < 100; step++) {
		if (step === 20) await demo.backend.facets.kill?.(first, 'SIGKILL');
		demo.clock.advance(200);
		await new Promise(resolve => setImmediate(resolve));
	}

	abort.abort();
	await reading;
	expect(lines.length).toBeGreaterThan(20);
	expect(new Set(lines.map(({at, instanceId, text}) => `${at} ${instanceId} ${text}`)).size).toBe(lines.length);
	const next = await named(demo, 'instance', 'orders-api.1');
	expect(lines.some(({instanceId}) => instanceId === next.id)).toBe(true);
	demo.backend.close();
});
