// The least that an Ink program can do on the same screen: as many lines in the same colours, a cursor that j and k move, and
// rows that change ten times a second. `bare.mjs ROWS CHANGES_PER_SECOND`, of which as many are seen as of a list this long.
import {Box, render, Text, useInput} from 'ink';
import {type ReactNode, useEffect, useState} from 'react';

const [count = 0, changesPerSecond = 0] = process.argv.slice(2).map(Number);
const {columns = 80, rows = 24} = process.stdout;
const seen = rows - 4;
const tickMs = 100;

const paint = (open: string, text: string, close: string) => `\u{1B}[${open}m${text}\u{1B}[${close}m`;
const green = (text: string) => paint('32', text, '39');

function lineOf(index: number, cpus: number): string {
	const name = `svc-${String(Math.floor(index / 100)).padStart(4, '0')}.${(index % 100) + 1}`;
	const rest = [`${cpus} %`, '48 MiB', '0', `127.0.0.1:${20_000 + index}`, '60m'].map(cell => cell.padEnd(14));
	const cells = [name.padEnd(14), `n${index % 100}`.padEnd(10), green('running  '), green('healthy  '), ...rest];
	return cells.join('  ');
}

function selected(line: string): string {
	return paint('1;48;5;237', line, '22;49');
}

function Bare(): ReactNode {
	const [cursor, setCursor] = useState(0);
	const [figures, setFigures] = useState<readonly number[]>([]);
	useInput(input => {
		for (const key of input) {
			setCursor(at => Math.max(0, Math.min(count - 1, at + (key === 'j' ? 1 : -1))));
		}
	});
	useEffect(() => {
		const share = (changesPerSecond / count) * (tickMs / 1000);
		const timer = setInterval(() => {
			const changed = Array.from({length: seen}, () => Math.random() < share);
			if (changed.includes(true)) {
				setFigures(before =>
					changed.map((isNew, row) => (isNew ? Math.round(Math.random() * 100) : (before[row] ?? 10))),
				);
			}
		}, tickMs);
		return () => clearInterval(timer);
	}, []);
	const top = Math.max(0, cursor - seen + 1);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Text>bare</Text>
			<Text>NAME</Text>
			{Array.from({length: seen}, (_, row) => {
				const line = lineOf(top + row, figures[row] ?? 10);
				return (
					<Text key={row} wrap="truncate">
						{top + row === cursor ? selected(`▸ ${line}${' '.repeat(60)}`) : `  ${line}`}
					</Text>
				);
			})}
			<Text> </Text>
			<Text>: go ? help</Text>
		</Box>
	);
}

render(<Bare />, {alternateScreen: true, incrementalRendering: true, maxFps: 120});
