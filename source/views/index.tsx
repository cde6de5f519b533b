import type {Executor} from '../actions/execute.ts';
import type {Journal} from '../actions/journal/journal.ts';
import type {Backend} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import type {Random} from '../core/model/id.ts';
import {openCollections} from './live/collections.ts';
import type {Ports} from './ports.ts';
import type {About} from './state.ts';
import {themeFrom} from './theme.ts';
import type {Wish} from './wish.ts';

export type DashboardOptions = {
	readonly backend: Backend;
	readonly journal: Journal;
	/** Recorded as the one who changed something. */
	readonly who: string;
	readonly clock: Clock;
	readonly random: Random;
	readonly readOnly: boolean;
	/** Shown at the start; absent: the services. */
	readonly screen?: string | undefined;
	/** What that is about. */
	readonly about?: About | undefined;
	/** By what it is narrowed. */
	readonly filter?: string | undefined;
	readonly ports?: Ports;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
};

/** The full screen, until it is left; for another context or namespace, it says for which. The terminal is as it was before, whatever happens. */
export async function runDashboard(options: DashboardOptions): Promise<Wish | undefined> {
	const {backend, clock, env, random, readOnly, journal, who} = options;
	// Asked before Ink is loaded: the cluster answers meanwhile.
	const collections = openCollections(backend, clock, {isFrameAwaited: true});
	try {
		const {showDashboard} = await import('./show.tsx');
		const executor: Executor = {backend, journal, who, random, readOnly, now: () => clock.now()};
		const mouse = !/^(0|off|no|false)$/i.test(env.MUSTER_MOUSE ?? '');
		return await showDashboard({...options, executor, collections, mouse, theme: themeFrom(env)});
	} finally {
		collections.close();
	}
}
