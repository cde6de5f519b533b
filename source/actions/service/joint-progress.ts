import type {Progress} from '../action.ts';

/** Of several services as one: failed where one has, and nothing else is still to come; `missing`: of how many there is none yet. */
export function jointProgress(all: readonly Progress[], missing = 0): Progress {
	const waiting = all.filter(one => one.state === 'waiting');
	const failed = all.filter(({state}) => state === 'failed');
	const messages = (some: readonly Progress[]) => some.map(({message}) => message).join('; ');
	if (waiting.length > 0 || missing > 0) {
		const trouble = waiting.find(one => one.trouble !== undefined)?.trouble;
		return {
			state: 'waiting',
			message: messages(waiting),
			done: waiting.reduce((sum, one) => sum + one.done, 0),
			total: waiting.reduce((sum, one) => sum + one.total, missing),
			...(trouble === undefined ? {} : {trouble}),
		};
	}

	return failed.length > 0 ? {state: 'failed', message: messages(failed)} : {state: 'reached', message: messages(all)};
}
