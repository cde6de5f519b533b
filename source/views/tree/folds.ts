import {instancesScreen} from '../instances/screen.ts';
import type {Target} from '../keymap.ts';
import {type Filterable, parseFilter} from '../list/filter.ts';
import {slowly} from '../live/slowly.ts';
import {servicesScreen} from '../services/screen.ts';
import type {Ui} from '../ui.ts';
import type {World} from '../world.ts';
import {type TreeRow, treeRows, type UsedKind} from './rows.ts';

/** More instances than these are not unfolded by themselves. */
const mostUnfolded = 500;

/** Services are all shown with what is below them, or none of them; these rows are otherwise. */
type Folds = {readonly showsAll: boolean; readonly others: ReadonlySet<string>; readonly version: number};

const known = new WeakMap<Ui, Folds>();

function foldsOf(ui: Ui): Folds {
	return known.get(ui) ?? {showsAll: ui.world.instances.length <= mostUnfolded, others: new Set(), version: 0};
}

function put(ui: Ui, showsAll: boolean, others: ReadonlySet<string>): void {
	known.set(ui, {showsAll, others, version: foldsOf(ui).version + 1});
	ui.refresh();
}

/** Shows what is below a row, or hides it. */
export function toggleFold(ui: Ui, {key}: TreeRow): void {
	const {showsAll, others} = foldsOf(ui);
	put(ui, showsAll, others.symmetricDifference(new Set([key])));
}

/** All services, when any is folded; else none. */
export function toggleAllFolds(ui: Ui): void {
	const isAnyFolded = rowsOf(ui).some(({kind, isOpen}) => kind === 'service' && isOpen === false);
	put(ui, isAnyFolded, new Set());
}

/** The rows that are shown. */
export const rowsOf = slowly(makeRows, {
	keyOf(ui) {
		const {filter, faultsOnly, about} = ui.place;
		const {showsAll, version} = foldsOf(ui);
		return JSON.stringify([filter, faultsOnly, about?.id, showsAll, version]);
	},
});

const keys = new WeakMap<readonly TreeRow[], readonly string[]>();

/** What the cursor goes by; tens of thousands are put together once. */
export function keysOf(ui: Ui): readonly string[] {
	const rows = rowsOf(ui);
	const own = keys.get(rows) ?? rows.map(({key}) => key);
	keys.set(rows, own);
	return own;
}

function makeRows(ui: Ui): readonly TreeRow[] {
	const {services, instances, nodes} = ui.world;
	const {showsAll, others} = foldsOf(ui);
	const {about, faultsOnly} = ui.place;
	const filter = parseFilter(ui.place.filter);
	return treeRows(
		{services, instances, nodes, used: usedOf(ui)},
		{
			isOpen: key => (key.startsWith('service ') && (showsAll || about !== undefined)) !== others.has(key),
			serviceId: about?.id,
			...(filter === undefined ? {} : {keeps: object => filter.matches(filterable(object, ui.world))}),
			...(faultsOnly ? {isFault} : {}),
		},
	);
}

/** Of kinds that the engine has and this user may see. Until all is read nothing is missing. */
function usedOf({collections}: Ui) {
	const kinds: readonly UsedKind[] = ['network', 'volume', 'config', 'secret'];
	const read = kinds.filter(kind => collections.has(kind)).map(kind => [kind, collections.source(kind)] as const);
	const isLive = collections.connection().state === 'live';
	return Object.fromEntries(
		read
			.filter(([kind]) => isLive && collections.refused(kind) === undefined)
			.map(([kind, {byId}]) => [kind, [...byId.values()]]),
	);
}

function filterable(object: Target, world: World): Filterable {
	switch (object.kind) {
		case 'service':
			return servicesScreen.filterable(object, world);
		case 'instance':
			return instancesScreen.filterable(object, world);
		default:
			return {text: object.name};
	}
}

function isFault(object: Target): boolean {
	return object.kind === 'instance'
		? instancesScreen.isFault(object)
		: object.kind === 'service' && servicesScreen.isFault(object);
}
