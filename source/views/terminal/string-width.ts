import {displayWidth} from '../../core/text/text.ts';

const escapeSequence = /\x1b\[[\d;:]*m/g;

/**
 * Stands for the package `string-width` in the bundle, so that Ink measures as we lay out. And it is quicker: what most cells
 * hold needs no look at graphemes, and the package's expression for emoji takes 10 ms to compile.
 */
export default function stringWidth(text: string): number {
	return text.length === 0 ? 0 : displayWidth(text.includes('\x1b') ? text.replace(escapeSequence, '') : text);
}
