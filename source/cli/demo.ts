import {memoryJournal} from '../actions/journal/memory-journal.ts';
import type {Home} from '../backends/local/home.ts';
import type {DemoRequest} from '../commands/host.ts';
import {realClock} from '../daemon/clock.ts';
import {createDemo} from '../demo/demo.ts';
import {runDashboard} from '../views/index.tsx';
import {keepCompiledCode} from './compiled-code.ts';
import {createPorts} from './ports/index.ts';

/** The full screen on a simulated cluster, until it is left. What is changed there is not recorded. */
export async function demo(
	{readOnly, colour, mouse, ...options}: DemoRequest,
	who: string,
	home: Home,
): Promise<number> {
	const {env, stdin, stdout} = process;
	const backend = createDemo(options, realClock);
	const keepNoMore = keepCompiledCode();
	try {
		await runDashboard({
			backend,
			journal: memoryJournal(),
			who,
			clock: realClock,
			random: Math.random,
			readOnly,
			ports: createPorts({stdin, stdout, env, home}),
			env: {...env, ...(colour ? {} : {NO_COLOR: '1'}), ...(mouse ? {} : {MUSTER_MOUSE: 'off'})},
			stdin,
			stdout,
		});
		return 0;
	} finally {
		keepNoMore();
		backend.close();
	}
}
