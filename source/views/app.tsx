import {Box, useApp, useInput, usePaste} from 'ink';
import {type ReactNode, useEffect, useSyncExternalStore} from 'react';
import {paste, press} from './dispatch.ts';
import {frameLines} from './frame.ts';
import {keysOf} from './keys.ts';
import type {Ui} from './ui.ts';
import {Lines} from './widgets/lines.tsx';

/** The whole screen, and the only one that listens to keys. */
export function App({ui}: {readonly ui: Ui}): ReactNode {
	const version = useSyncExternalStore(
		listener => ui.subscribe(listener),
		() => ui.version,
	);
	useInput((input, key) => {
		for (const name of keysOf(input, key)) {
			press(ui, name);
		}
	});
	usePaste(text => paste(ui, text));
	useEffect(() => ui.drawn(version), [ui, version]);
	const {suspendTerminal} = useApp();
	useEffect(() => ui.terminal.ready(suspendTerminal), [ui, suspendTerminal]);

	const {columns, rows} = ui.state.size;
	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			<Lines lines={frameLines(ui)} />
		</Box>
	);
}
