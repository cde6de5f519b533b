import {Box, useApp, useInput, usePaste} from 'ink';
import {type ReactNode, useEffect, useSyncExternalStore} from 'react';
import {Body} from './body.tsx';
import {paste, press} from './dispatch.ts';
import {keysOf} from './keys.ts';
import {frameParts} from './state.ts';
import type {Ui} from './ui.ts';
import {headerLine} from './widgets/header.ts';
import {hintLine} from './widgets/hint-bar.ts';
import {Lines} from './widgets/lines.tsx';
import {messageLines} from './widgets/message-line.ts';

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

	const {size} = ui.state;
	const {header, body, message, hints} = frameParts(ui.state);
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
			<Lines lines={[headerLine(ui)]} rows={header} />
			<Body ui={ui} rows={body} />
			<Lines lines={messageLines(ui, message)} rows={message} />
			<Lines lines={[hintLine(ui)]} rows={hints} />
		</Box>
	);
}
