import type {Kind, Service} from '../model/index.ts';
import {plural} from './places.ts';
import type {Preview, PreviewRow} from './preview.ts';
import {previewRemove} from './preview-remove.ts';
import type {ClusterWorld} from './world.ts';

/** What a stack has beside its services. */
type Part = {readonly kind: Kind; readonly name: string; readonly usedBy: readonly string[]};

/** What the removal of a stack brings: each of its services with what stops, and each thing that goes with them. */
export function previewRemoveStack(world: ClusterWorld, services: readonly Service[], parts: readonly Part[]): Preview {
	const own = new Set(services.map(({name}) => name));
	const counts = Map.groupBy(parts, ({kind}) => kind);
	const sums = [
		plural(services.length, 'service'),
		...[...counts].map(([kind, {length: count}]) => plural(count, kind)),
	];
	return {
		summary: `${sums.join(', ')} ${services.length + parts.length === 1 ? 'goes' : 'go'}; volumes stay`,
		rows: [
			...services.map(service => ({name: service.name, change: previewRemove(world, service).summary})),
			...parts.map(part => partRow(part, own)),
		],
	};
}

/** The engine would refuse it, or take it from a service that goes on. */
function partRow({kind, name, usedBy}: Part, own: ReadonlySet<string>): PreviewRow {
	const change = `the ${kind} goes`;
	const others = usedBy.filter(user => !own.has(user));
	return others.length === 0
		? {name, change}
		: {name, change, note: `used by ${others.join(', ')}, which is not of this stack`, blocked: true};
}
