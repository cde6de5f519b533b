import {Box, useApp, useInput, usePaste} from 'ink';
import {type ReactNode, useEffect, useState, useSyncExternalStore} from 'react';
import {Frames} from './frame.ts';
import {paste, press} from './input/dispatch.ts';
import {keysOf} from './input/keys.ts';
import type {Ui} from './ui.ts';
import {Lines} from './widgets/lines.tsx';

/** The whole screen, and the only one that listens to keys. */
export function App({ui}: {readonly ui: Ui}): ReactNode {
	const [frames] = useState(() => new Frames(ui));
	const {size, lines} = useSyncExternalStore(
		listener => frames.subscribe(listener),
		() => frames.current,
	);
	useInput((input, key) => {
		for (const name of keysOf(input, key)) {
			press(ui, name);
		}
	});
	usePaste(text => paste(ui, text));
	useEffect(() => ui.drawn(ui.version), [ui]);
	const {suspendTerminal} = useApp();
	useEffect(() => ui.terminal.ready(suspendTerminal, () => frames.current.lines), [ui, suspendTerminal, frames]);

	return (
		<Box flexDirection="column" width={size.columns} height={size.rows}>
			<Lines lines={lines} />
		</Box>
	);
}
