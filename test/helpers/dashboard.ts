import {memoryJournal} from '../../source/actions/journal/memory-journal.ts';
import type {Facets} from '../../source/core/backend.ts';
import type {Kind, Objects} from '../../source/core/model/index.ts';
import {openCollections} from '../../source/views/live/collections.ts';
import {showDashboard} from '../../source/views/show.tsx';
import {makeTheme, type Theme} from '../../source/views/theme.ts';
import type {Size} from '../terminal/screen.ts';
import {createVirtualTerminal, frame, type VirtualTerminal} from '../terminal/virtual-terminal.ts';
import {createManualClock, type ManualClock} from './manual-clock.ts';
import {createScriptedCluster, type ScriptedCluster} from './scripted-cluster.ts';

export const dashboardStart = Date.UTC(2026, 0, 1);

export type DashboardHarness = VirtualTerminal & {
	readonly cluster: ScriptedCluster;
	readonly clock: ManualClock;
	/** The screen with a border. */
	readonly frame: string;
	/** Turns the clock on; what that brings is drawn soon. */
	advance(milliseconds: number): Promise<void>;
	/** Resolves when the dashboard was left. */
	readonly left: Promise<unknown>;
};

/** The whole dashboard in a terminal of this process, on a scripted cluster and a manual clock. */
export async function openDashboard(
	objects: ReadonlyArray<Objects[Kind]>,
	{
		size = {columns: 80, rows: 24},
		theme = 'none',
		facets = {},
	}: {size?: Size; theme?: Theme['name']; facets?: Partial<Facets>} = {},
): Promise<DashboardHarness> {
	const clock = createManualClock(dashboardStart);
	const cluster = createScriptedCluster(objects, facets);
	const collections = openCollections(cluster, clock);
	const terminal = createVirtualTerminal(size);
	const executor = {
		backend: cluster,
		journal: memoryJournal(),
		who: 'tester',
		now: () => clock.now(),
		random: () => 0.5,
		readOnly: false,
	};
	const {stdin, stdout, screen} = terminal;
	const left = showDashboard({executor, collections, clock, theme: makeTheme(theme), stdin, stdout});
	const advance = async (milliseconds: number) => {
		await turns();
		clock.advance(milliseconds);
		await turns();
	};
	await advance(100);
	await terminal.until(objects.length === 0 ? 'No service yet' : 'live');
	return {
		...terminal,
		cluster,
		clock,
		advance,
		left,
		get frame() {
			return frame(screen.lines);
		},
	};
}

async function turns(): Promise<void> {
	for (let turn = 0; turn < 5; turn++) {
		await new Promise(resolve => setImmediate(resolve));
	}
}
