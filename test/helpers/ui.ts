import {memoryJournal} from '../../source/actions/journal/memory-journal.ts';
import type {Kind, Objects} from '../../source/core/model/index.ts';
import {press} from '../../source/views/input/dispatch.ts';
import {openCollections} from '../../source/views/live/collections.ts';
import {noPorts, type Ports} from '../../source/views/ports.ts';
import {allScreens} from '../../source/views/screens.ts';
import type {About, Size} from '../../source/views/state.ts';
import {makeTheme} from '../../source/views/theme.ts';
import {Ui} from '../../source/views/ui.ts';
import {hintLine} from '../../source/views/widgets/hint-bar.ts';
import {messageLines} from '../../source/views/widgets/message-line.ts';
import {createManualClock, type ManualClock} from './manual-clock.ts';
import {createScriptedCluster, type ScriptedCluster} from './scripted-cluster.ts';

export type UiHarness = {
	readonly ui: Ui;
	readonly cluster: ScriptedCluster;
	readonly clock: ManualClock;
	/** Turns the clock on and lets all that was woken run. */
	advance(milliseconds: number): Promise<void>;
	/** Keys by name, all in one go. */
	press(...keys: readonly string[]): void;
	readonly message: string;
	readonly hints: string;
	/** The name of the object under the cursor. */
	readonly selected: string | undefined;
	readonly hasLeft: boolean;
};

/** The dashboard without a screen, on a scripted cluster and a manual clock. */
export async function openUi(
	objects: ReadonlyArray<Objects[Kind]>,
	{
		readOnly = false,
		cluster = createScriptedCluster(objects),
		size = {columns: 100, rows: 24},
		ports = noPorts,
		first = {},
	}: {
		readOnly?: boolean;
		cluster?: ScriptedCluster;
		size?: Size;
		ports?: Ports;
		first?: {screen?: string; about?: About};
	} = {},
): Promise<UiHarness> {
	const clock = createManualClock(1_000_000_000_000);
	const collections = openCollections(cluster, clock);
	let hasLeft = false;
	const executor = {
		backend: cluster,
		journal: memoryJournal(),
		who: 'tester',
		now: () => clock.now(),
		random: () => 0.5,
		readOnly,
	};
	const ui: Ui = new Ui({
		...first,
		executor,
		ports,
		collections,
		clock,
		theme: makeTheme('none'),
		screens: allScreens(),
		size,
		leave() {
			hasLeft = true;
		},
	});
	collections.subscribe(() => ui.changed());
	const harness: UiHarness = {
		ui,
		cluster,
		clock,
		async advance(milliseconds) {
			await settle();
			clock.advance(milliseconds);
			await settle();
		},
		press(...keys) {
			for (const key of keys) press(ui, key);
		},
		get message() {
			return messageLines(ui, 1).join(' ').trim();
		},
		get hints() {
			return hintLine(ui).trim();
		},
		get selected() {
			return ui.target?.name;
		},
		get hasLeft() {
			return hasLeft;
		},
	};
	await harness.advance(100);
	return harness;
}

/** Until every promise that can go on has gone on. */
async function settle(): Promise<void> {
	for (let turn = 0; turn < 5; turn++) {
		await new Promise(resolve => setImmediate(resolve));
	}
}
