import {expect, test} from 'vitest';
import {ClusterError} from '../../source/core/error.ts';
import type {Random} from '../../source/core/model/id.ts';
import {seededRandom} from '../helpers/seeded-random.ts';

/** `run` may answer false: it was refused, and said so itself. */
export type Input = {
	readonly input: unknown;
	run(): unknown;
	readonly isRefusal?: (error: unknown) => boolean;
};

/**
 * Inputs that nobody means well: each is taken, or refused by an error that says why. Never another error, whose trace a user
 * would see. Failures name the seed and the input. All kinds together are more than a million: API requests, manifests, flags.
 */
export function fuzz(name: string, count: number, one: (random: Random) => Input): void {
	test(`${count} × ${name}`, {timeout: 120_000}, async () => {
		let refused = 0;
		for (let seed = 1; seed <= count; seed++) {
			const {input, run, isRefusal = isSaid} = one(seededRandom(seed));
			try {
				const answer = run();
				if ((answer instanceof Promise ? await answer : answer) === false) refused++;
			} catch (error) {
				if (!isRefusal(error)) {
					expect.fail(
						`seed ${seed}, ${JSON.stringify(input)}: ${error instanceof Error ? error.stack : String(error)}`,
					);
				}

				refused++;
			}
		}

		// Neither all nor nothing: else the inputs would not reach what is behind the first look.
		expect(refused).toBeGreaterThan(count / 100);
		expect(refused).toBeLessThan(count * 0.999);
	});
}

function isSaid(error: unknown): boolean {
	return error instanceof ClusterError && error.code !== 'failed';
}
