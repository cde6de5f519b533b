import {Text} from 'ink';
import type {ReactNode} from 'react';

/** Lines below each other, each one Text of one line: the cheapest that Ink can draw. */
export function Lines({lines}: {readonly lines: readonly string[]}): ReactNode {
	return lines.map((line, index) => (
		<Text key={index} wrap="truncate">
			{line || ' '}
		</Text>
	));
}
