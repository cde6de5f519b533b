import type {Home} from '../backends/local/home.ts';
import {openLocal} from '../backends/local/index.ts';
import {createJournalFile} from '../commands/journal-file.ts';
import {realClock} from '../daemon/clock.ts';
import {runDashboard} from '../views/index.tsx';

export type DashboardOptions = {
	readonly home: Home;
	readonly who: string;
	readonly readOnly: boolean;
	readonly colour: boolean;
};

/** The full screen on the local engine, until it is left. */
export async function dashboard({home, who, readOnly, colour}: DashboardOptions): Promise<number> {
	const {env, stdin, stdout} = process;
	const backend = await openLocal({home, cwd: process.cwd(), path: env.PATH ?? '', autoStart: true});
	try {
		await runDashboard({
			backend,
			journal: createJournalFile(home.journal),
			who,
			clock: realClock,
			random: Math.random,
			readOnly,
			env: colour ? env : {...env, NO_COLOR: '1'},
			stdin,
			stdout,
		});
		return 0;
	} finally {
		backend.close();
	}
}
