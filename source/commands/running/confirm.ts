import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Host} from '../host.ts';

/** Asks on the terminal, all questions at once; `typed` is what has to be answered instead of yes. Throws `not-allowed` where nobody can answer, or the answer is not yes. */
export async function confirm(
	host: Pick<Host, 'stdin' | 'stderr' | 'ask'>,
	questions: readonly string[],
	typed?: string,
): Promise<void> {
	const wanted = typed === undefined ? [] : [`Type ${typed} to confirm.`];
	const text = [...questions, ...wanted].map(question => stripControl(question)).join('\n');
	if (!host.stdin.isTTY || !host.stderr.isTTY) {
		throw new ClusterError('not-allowed', `this wants to be confirmed: ${text}`, {
			hint: 'There is no terminal to ask on: confirm it with --yes.',
		});
	}

	const answer = (await host.ask(typed === undefined ? `${text} [y/N] ` : `${text} `)).trim();
	const isConfirmed = typed === undefined ? /^y(es)?$/i.test(answer) : answer === typed;
	if (!isConfirmed) {
		throw new ClusterError('not-allowed', 'not confirmed: nothing was changed');
	}
}
