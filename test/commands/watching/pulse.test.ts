import {expect, test} from 'vitest';
import {createPulse} from '../../../source/commands/watching/pulse.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';

/** News at every millisecond, and a look that takes so long each time: when it looked, in milliseconds. */
async function looks(lookMs: number, untilMs: number): Promise<number[]> {
	const clock = createManualClock();
	const stop = new AbortController();
	const pulse = createPulse(clock, stop.signal, 50);
	const looked: number[] = [];
	void (async () => {
		while (!stop.signal.aborted) {
			await pulse.next();
			looked.push(clock.monotonicMs());
			await new Promise<void>(resolve => {
				clock.after(lookMs, resolve);
			});
		}
	})();
	for (let ms = 0; ms < untilMs; ms++) {
		pulse.news();
		clock.advance(1);
		await settle();
	}

	const seen = [...looked];
	stop.abort();
	return seen;
}

test('looks at most so often, however much there is news', async () => {
	expect(await looks(1, 200)).toEqual([1, 51, 101, 151]);
});

test('spends a tenth of its time on looks that take long', async () => {
	expect(await looks(20, 700)).toEqual([1, 201, 401, 601]);
});
