import {Text} from 'ink';
import type {ReactNode} from 'react';

/** Exactly so many lines, each one Text of one line: the cheapest that Ink can draw. */
export function Lines({lines, rows}: {readonly lines: readonly string[]; readonly rows: number}): ReactNode {
	return Array.from({length: rows}, (_, index) => (
		<Text key={index} wrap="truncate">
			{lines[index] || ' '}
		</Text>
	));
}
