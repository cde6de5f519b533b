import type {Role} from '../theme.ts';
import {type Span, wrapWords} from './line.ts';

/** What a screen says that has nothing to show, below an empty line. */
export function emptyLines(text: string, columns: number, role: Role = 'dim'): ReadonlyArray<readonly Span[]> {
	return [[], ...wrapWords(text, columns - 2).map((line): readonly Span[] => [' ', {role, text: line}])];
}
