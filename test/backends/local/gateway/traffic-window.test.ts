import {expect, test} from 'vitest';
import {newCounts} from '../../../../source/backends/local/gateway/metrics.ts';
import type {Front} from '../../../../source/backends/local/gateway/published-port.ts';
import {TrafficWindow} from '../../../../source/backends/local/gateway/traffic-window.ts';

/** One port with one target, as far as figures are concerned. */
function front(isHttp: boolean, requests: number): Front {
	const counts = {...newCounts(), requests};
	const target = {instanceId: 'i1', connections: 1, counts: {...newCounts(), requests}};
	return {counts, http: isHttp ? {} : undefined, pool: {targets: [target]}} as unknown as Front;
}

// Each published service has an address of its own besides, which speaks TCP: its figures took the place of those of HTTP.
test.each([
	['the port of HTTP first', [front(true, 7), front(false, 0)]],
	['the port of TCP first', [front(false, 0), front(true, 7)]],
])('an instance behind ports of both kinds keeps what was counted: %s', (_, fronts) => {
	const window = new TrafficWindow();
	window.tick(fronts);
	expect(window.instances(fronts).i1).toMatchObject({connections: 2, requests: 7});
});

test('of TCP alone nobody knows how many requests there were', () => {
	const fronts = [front(false, 0)];
	const window = new TrafficWindow();
	window.tick(fronts);
	expect(window.instances(fronts).i1).toEqual({connections: 1});
});
