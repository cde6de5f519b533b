// The least that an Ink program can do on the same screen: as many lines, a cursor that j and k move. `bare.mjs ROWS`.
import {Box, render, Text, useInput} from 'ink';
import {type ReactNode, useState} from 'react';

const count = Number(process.argv[2]);
const {columns = 80, rows = 24} = process.stdout;
const seen = rows - 4;

function lineOf(index: number): string {
	const name = `svc-${String(Math.floor(index / 100)).padStart(4, '0')}.${(index % 100) + 1}`;
	const cells = [`n${index % 100}`, 'running', 'healthy', '10 %', '48 MiB', '0', `127.0.0.1:${20_000 + index}`, '60m'];
	return [name.padEnd(14), ...cells.map(cell => cell.padEnd(10))].join('  ');
}

function Bare(): ReactNode {
	const [cursor, setCursor] = useState(0);
	useInput(input => {
		for (const key of input) {
			setCursor(at => Math.max(0, Math.min(count - 1, at + (key === 'j' ? 1 : -1))));
		}
	});
	const top = Math.max(0, cursor - seen + 1);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Text>bare</Text>
			<Text>NAME</Text>
			{Array.from({length: seen}, (_, row) => (
				<Text key={row} wrap="truncate">
					{(top + row === cursor ? '▸ ' : '  ') + lineOf(top + row).padEnd(columns - 2)}
				</Text>
			))}
			<Text> </Text>
			<Text>: go ? help</Text>
		</Box>
	);
}

render(<Bare />, {alternateScreen: true, incrementalRendering: true, maxFps: 120});
