import {type Span, spanText} from './line.ts';

/** Spans, with what was found in their text as a whole; what lies outside of it is not looked at. */
export function highlighted(
	spans: readonly Span[],
	ranges: ReadonlyArray<readonly [from: number, to: number]>,
): readonly Span[] {
	const pieces: Span[] = [];
	let from = 0;
	for (const span of spans) {
		const text = spanText(span);
		let done = 0;
		for (const [start, end] of ranges) {
			const left = Math.max(done, start - from);
			const right = Math.min(text.length, end - from);
			if (right > left) {
				pieces.push(part(span, done, left), {role: 'match', text: text.slice(left, right)});
				done = right;
			}
		}

		pieces.push(part(span, done));
		from += text.length;
	}

	return pieces;
}

function part(span: Span, from: number, to?: number): Span {
	return typeof span === 'string' ? span.slice(from, to) : {...span, text: span.text.slice(from, to)};
}
