import {openContext, type Surroundings} from '../backends/index.ts';
import type {Home} from '../backends/local/home.ts';
import {createJournalFile} from '../commands/journal-file.ts';
import {realClock} from '../daemon/clock.ts';
import {runDashboard} from '../views/index.tsx';
import {createPorts} from './ports/index.ts';

export type DashboardOptions = {
	readonly home: Home;
	readonly context: string;
	readonly surroundings: Surroundings;
	readonly namespace?: string | undefined;
	readonly allNamespaces?: boolean | undefined;
	readonly who: string;
	readonly readOnly: boolean;
	readonly colour: boolean;
};

/** The full screen on one context, until it is left. */
export async function dashboard(options: DashboardOptions): Promise<number> {
	const {env, stdin, stdout} = process;
	const {home, context, surroundings, namespace, allNamespaces, who, readOnly, colour} = options;
	const how = {...surroundings, namespace, allNamespaces};
	const backend = await openContext(context, how, {home, autoStart: true});
	try {
		await runDashboard({
			backend,
			journal: createJournalFile(home.journal),
			who,
			clock: realClock,
			random: Math.random,
			readOnly,
			ports: createPorts({stdin, stdout, env, home}),
			env: colour ? env : {...env, NO_COLOR: '1'},
			stdin,
			stdout,
		});
		return 0;
	} finally {
		backend.close();
	}
}
