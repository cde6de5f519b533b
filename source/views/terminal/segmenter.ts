import {graphemesOf, isOneColumnEach} from '../../core/text/text.ts';

type Segment = {readonly segment: string; readonly index: number};

/**
 * Stands for the segmenters of what Ink is made of: scripts/build.mjs puts it there. The first that is made takes 13 ms, and
 * each asks ICU about letters of which there is nothing to ask.
 */
export const segmenter = {
	segment: (text: string): Iterable<Segment> =>
		isOneColumnEach(text.includes('\x1b') ? text.replaceAll('\x1b', '') : text) ? letters(text) : graphemesOf(text),
};

function* letters(text: string): Generator<Segment> {
	for (let index = 0; index < text.length; index++) {
		yield {segment: text.charAt(index), index};
	}
}
