import {ClusterError} from '../../core/error.ts';
import {parseDuration} from '../../core/text/units.ts';
import type {Range} from './random.ts';

/** How a simulated process behaves, as data. Chances are from 0 to 1 and drawn anew for each run. */
export type Behavior = {
	/** That it cannot be started at all. */
	readonly reject: number;
	/** That it ends by itself within its first three seconds, with another code than 0. */
	readonly fail: number;
	/** That its health check fails for good after a while. */
	readonly sicken: number;
	/** From its start until its first health check passes. */
	readonly warmUpMs: Range;
	/** Ends by itself after so long; absent: runs until it is told to stop. */
	readonly lifeMs?: Range;
	/** Of a run that ends by itself. */
	readonly exitCode: number;
	/** From the stop signal to its end; absent: it takes no notice and must be killed. */
	readonly stopMs?: Range;
};

export const steady: Behavior = {
	reject: 0,
	fail: 0,
	sicken: 0,
	warmUpMs: [20, 400],
	exitCode: 0,
	stopMs: [5, 300],
};

/** The variable of a service's environment that says how its processes behave. */
export const behaviorVariable = 'SIMULATE';

/**
 * `fail=0.2 life=1s-5s exit=3 stop=never reject=1 sicken=0.1 warm-up=2s`: what is not said is steady. Throws `usage`.
 */
export function parseBehavior(text: string): Behavior {
	let behavior = steady;
	for (const word of text.split(/\s+/).filter(Boolean)) {
		const [key = '', value = ''] = word.split('=');
		behavior = {...behavior, ...readWord(key, value)};
	}

	return behavior;
}

function readWord(key: string, value: string): Partial<Behavior> {
	switch (key) {
		case 'reject':
			return {reject: Number(value)};
		case 'fail':
			return {fail: Number(value)};
		case 'sicken':
			return {sicken: Number(value)};
		case 'exit':
			return {exitCode: Number(value)};
		case 'warm-up':
			return {warmUpMs: readRange(value)};
		case 'life':
			return {lifeMs: readRange(value)};
		case 'stop':
			return {stopMs: value === 'never' ? undefined : readRange(value)};
		default:
			throw new ClusterError('usage', `${behaviorVariable} has no word ${key}`);
	}
}

/** `2s` or `1s-5s`. */
function readRange(text: string): Range {
	const [from = '', to = from] = text.split('-');
	return [parseDuration(from), parseDuration(to)];
}
