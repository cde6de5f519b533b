import {objectsOf} from '../../source/actions/action.ts';
import type {Kind, Objects} from '../../source/core/model/index.ts';
import {sumUsage} from '../../source/core/pulse/usage-sums.ts';
import {Ages} from '../../source/views/age.ts';
import {columnsFor} from '../../source/views/list/columns-shown.ts';
import {LiveListing} from '../../source/views/list/listing.ts';
import {Trends} from '../../source/views/live/trends.ts';
import type {TableScreen} from '../../source/views/screen.ts';
import {newPlace, type Place} from '../../source/views/state.ts';
import {makeTheme} from '../../source/views/theme.ts';
import {tableLines} from '../../source/views/widgets/table.ts';
import type {World} from '../../source/views/world.ts';
import {readCluster} from './cluster-text.ts';

export function worldOf(parts: Partial<World>): World {
	const {instances = [], services = []} = parts;
	const sums = sumUsage(instances);
	return {
		now: 0,
		services: [],
		nodes: [],
		images: [],
		events: [],
		serviceUsage: sums.services,
		serviceReasons: sums.reasons,
		nodeSums: sums.nodes,
		service: id => services.find(service => service.id === id),
		cpuHistory: () => [],
		trends: new Trends(),
		...parts,
		instances,
	};
}

/** The lines of a screen's list for a cluster as text, or one made from it. */
export function tableText<K extends Kind>(
	screen: TableScreen<K>,
	cluster: string | Partial<World>,
	{columns = 80, ...place}: Partial<Place> & {columns?: number} = {},
): string {
	const world = worldOf(typeof cluster === 'string' ? readCluster(cluster) : cluster);
	const at = {...newPlace(screen.id), ...place};
	const all = screen.kind === 'event' ? world.events : objectsOf(world, screen.kind as Kind);
	const byId = new Map(all.map(object => [object.id, object as unknown as Objects[K]] as const));
	const {objects} = new LiveListing(screen, {byId, version: 1, changedSince: () => undefined}).of(at, world);
	return tableLines({
		columns: columnsFor(screen.columns, {wide: at.wide, columns, scoped: false, traffic: true}),
		objects,
		list: {...at.list, index: -1},
		place: at,
		size: {columns, rows: 24},
		context: {world, ages: new Ages(world.now)},
		theme: makeTheme('none'),
		widths: new Map(),
		note: screen.note?.bind(screen),
	})
		.map(line => line.trimEnd())
		.join('\n');
}
