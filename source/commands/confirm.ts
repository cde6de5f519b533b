import {ClusterError} from '../core/error.ts';
import {stripControl} from '../core/text.ts';
import type {Host} from './host.ts';

/** Asks on the terminal, all questions at once. Throws `not-allowed` where nobody can answer, or the answer is not yes. */
export async function confirm(
	host: Pick<Host, 'stdin' | 'stderr' | 'ask'>,
	questions: readonly string[],
): Promise<void> {
	const text = questions.map(question => stripControl(question)).join('\n');
	if (!host.stdin.isTTY || !host.stderr.isTTY) {
		throw new ClusterError('not-allowed', `this wants to be confirmed: ${text}`, {
			hint: 'There is no terminal to ask on: confirm it with --yes.',
		});
	}

	const answer = await host.ask(`${text} [y/N] `);
	if (!/^y(es)?$/i.test(answer.trim())) {
		throw new ClusterError('not-allowed', 'not confirmed: nothing was changed');
	}
}
