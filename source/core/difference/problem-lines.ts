import {stripControl} from '../text/text.ts';

/** Before what a user has to know; such lines go when a text is read again. */
const mark = '# ✗ ';

/** The same text, with what is wrong with it on top. */
export function withProblems(text: string, problems: readonly string[]): string {
	const lines = problems.flatMap(problem => problem.split('\n').map(line => `${mark}${stripControl(line)}`));
	return [...lines, withoutProblems(text)].join('\n');
}

export function withoutProblems(text: string): string {
	return text
		.split('\n')
		.filter(line => !line.startsWith(mark.trimEnd()))
		.join('\n');
}

/** Emptied, or left as it was opened: an editor that writes the same mistake again would be opened for ever. */
export function isGivenUp(text: string, opened: string): boolean {
	const left = withoutProblems(text);
	return left.trim() === '' || left === withoutProblems(opened);
}
