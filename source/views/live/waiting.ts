import {errorSentences} from '../../core/error.ts';
import type {Instant, Kind} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Ui} from '../ui.ts';

/** What takes longer than this is waited for: until then it would only flicker. */
const patienceMs = 2000;

/** `5 s`: how long something has been waited for; undefined: hardly yet, or nobody has written down since when. */
export function waitedFor({context}: Ui, since: Instant): string | undefined {
	const {ages} = context;
	const restMs = since + patienceMs - ages.now;
	if (restMs > 0) {
		ages.again(restMs);
		return undefined;
	}

	return spaced(ages.of(since));
}

/** `12s` → `12 s`. */
export function spaced(age: string): string {
	return age.replace(/(?=[a-z])/, ' ');
}

/** Which of these kinds this user may not see, and why; undefined: all may be seen. */
export function refusedText({collections}: Ui, kinds: readonly Kind[]): string | undefined {
	const kind = kinds.find(one => collections.refused(one) !== undefined);
	return kind && `${kind}s may not be seen: ${stripControl(collections.refused(kind) ?? '')}`;
}

/** `Reading the logs … k8s:prod has not answered for 5 s.` */
export function askedText(ui: Ui, what: string, since: Instant): string {
	const waited = waitedFor(ui, since);
	const reading = `Reading ${what} …`;
	return waited === undefined
		? reading
		: `${reading} ${stripControl(ui.executor.backend.name)} has not answered for ${waited}.`;
}

/** What is said in place of objects of these kinds as long as nothing is known of them; undefined: something is. */
export function unreadText(ui: Ui, kinds: readonly Kind[]): string | undefined {
	const unread = ui.collections.unread(kinds);
	if (unread === undefined) {
		return undefined;
	}

	const {kind, since, error} = unread;
	const waited = waitedFor(ui, since);
	if (error !== undefined) {
		const age = waited === undefined ? '' : ` for ${waited}`;
		const why = stripControl(errorSentences(error)).replace(/\.$/, '');
		return `Nothing could be read${age}: ${why}. It is tried again by itself; :ctx shows other contexts, q leaves.`;
	}

	return waited === undefined
		? 'Reading the cluster …'
		: `Reading the cluster … ${stripControl(ui.executor.backend.name)} has not told its ${kind}s for ${waited}. :ctx shows other contexts, q leaves.`;
}
