import {toggle} from '../../../actions/fields/fields.ts';
import type {Backend, Query} from '../../../core/backend.ts';
import {isUnexplained, lacksOf, withLack} from '../../../core/lacks.ts';
import type {Instance, Kind, Node, Objects, Service} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {findOne} from '../../arguments/resolve.ts';
import {
	autoscalerListing,
	imageListing,
	instanceListing,
	type Listing,
	nodeListing,
	poolListing,
	serviceListing,
} from '../../output/listings.ts';
import {formatOf, isBrief, listFields, type Printing, renderList} from '../../output/print.ts';
import {configListing, networkListing, secretListing, volumeListing} from '../../output/stored.ts';
import {type Call, defineVerb, type Operand, type Verb} from '../../verb.ts';
import {type Beside, readBeside} from '../../watching/beside.ts';

const fields = {...listFields, watch: toggle('Go on with every change', {short: 'w'})};
const instanceFields = {...fields, all: toggle('Also what has ended', {short: 'a'})};

type Wanted<K extends Kind> = {
	readonly query: Query<K>;
	keep(object: Objects[K]): boolean;
	/** What people are told beside a table of these. */
	notes?(objects: ReadonlyArray<Objects[K]>): Promise<readonly string[]>;
};

type ListVerb<K extends Kind> = {
	readonly listing: Listing<Objects[K]>;
	readonly operands: readonly Operand[];
	readonly fields: typeof fields;
	compare(a: Objects[K], b: Objects[K]): number;
	/** What other objects say of them, for people. */
	readonly beside?: Beside<Objects[K]>;
	/** Turns operands into what is to be listed. */
	want(backend: Backend, call: Call<typeof instanceFields>): Promise<Wanted<K>>;
};

function listVerb<K extends Kind>({listing, operands, fields: flags, compare, beside, want}: ListVerb<K>): Verb {
	return defineVerb({
		operands,
		fields: flags,
		async run(call) {
			const format = formatOf(call.flags, call.shared);
			const backend = await call.backend();
			const {query, keep, notes} = await want(backend, call);
			const printing: Printing<Objects[K]> = {
				host: call.host,
				listing,
				context: backend.name,
				format,
				headers: !call.flags.noHeaders,
				noColor: call.shared.noColor,
			};
			if (call.flags.watch) {
				const {watchList} = await import('../../watching/watch-list.ts');
				return watchList(call, backend, {query, keep, compare, printing, ...(beside && {beside})});
			}

			const {items, gaps = []} = await backend.list(asked(query, format));
			for (const gap of gaps) call.host.stderr.write(`not shown is what could not be asked: ${gap}\n`);
			const kept = items.filter(keep).toSorted(compare);
			const isTable = format === 'table' || format === 'wide';
			const shown =
				isTable && beside?.wants(kept) ? beside.shown(kept, await readBeside(backend), call.host.now()) : kept;
			call.host.stdout.write(await renderList(printing, shown));
			const told = isTable && notes ? await notes(shown) : [];
			for (const note of told) call.host.stderr.write(`${stripControl(note)}\n`);
			return 0;
		},
	});
}

/** No more than what is printed takes: an engine may have to add up or to measure for it. */
function asked<K extends Kind>(query: Query<K>, format: Printing<Objects[K]>['format']): Query<K> {
	if (isBrief(format)) return {...query, brief: true};
	return format === 'wide' && (query.kind === 'instance' || query.kind === 'node') ? {...query, usage: true} : query;
}

function byName(a: {readonly name: string}, b: {readonly name: string}): number {
	return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function byService(a: Instance, b: Instance): number {
	return (
		byName({name: a.serviceName}, {name: b.serviceName}) ||
		a.slot - b.slot ||
		byName({name: a.nodeName ?? ''}, {name: b.nodeName ?? ''}) ||
		b.createdAt - a.createdAt
	);
}

function byNode(a: Instance, b: Instance): number {
	return byName({name: a.nodeName ?? ''}, {name: b.nodeName ?? ''}) || byService(a, b);
}

const everything = () => true;

export const serviceLs = listVerb<'service'>({
	listing: serviceListing,
	operands: [],
	fields,
	compare: byName,
	beside: {
		wants: services => services.some(isUnexplained),
		shown(services, found, now) {
			const lacks = lacksOf(services, {...found, now});
			return services.map(service => withLack(service, lacks));
		},
	},
	want: async () => ({query: {kind: 'service'}, keep: everything}),
});

export const autoscalerLs = listVerb<'service'>({
	listing: autoscalerListing,
	operands: [],
	fields,
	compare: byName,
	want: async () => ({query: {kind: 'service'}, keep: ({spec}) => spec.autoscale !== undefined}),
});

export const nodeLs = listVerb<'node'>({
	listing: nodeListing,
	operands: [],
	fields,
	compare: (a, b) => a.name.length - b.name.length || byName(a, b),
	want: async () => ({query: {kind: 'node'}, keep: everything}),
});

/** All of one kind, by their names. */
function listOf<K extends 'image' | 'network' | 'volume' | 'config' | 'secret' | 'pool'>(
	kind: K,
	listing: Listing<Objects[K]>,
	compare: ListVerb<K>['compare'] = byName,
): Verb {
	return listVerb<K>({
		listing,
		operands: [],
		fields,
		compare,
		want: async () => ({query: {kind}, keep: everything}),
	});
}

export const imageLs = listOf('image', imageListing);
export const networkLs = listOf('network', networkListing);
export const volumeLs = listOf(
	'volume',
	volumeListing,
	(a, b) => byName(a, b) || byName({name: a.nodeName ?? ''}, {name: b.nodeName ?? ''}),
);
export const configLs = listOf('config', configListing);
export const secretLs = listOf('secret', secretListing);
export const poolLs = listOf('pool', poolListing);

/** The instances of what is named, or all. */
function instancesOf(kind: 'service' | 'node', compare: (a: Instance, b: Instance) => number): Verb {
	return listVerb<'instance'>({
		listing: instanceListing,
		operands: [{name: kind.toUpperCase(), completes: kind, optional: true, many: true}],
		fields: instanceFields,
		compare,
		async want(backend, {host, flags, operands}) {
			const query = {kind: 'instance', history: flags.all ?? false} as const;
			if (operands.length === 0) {
				return {query, keep: everything};
			}

			const {items} = await backend.list({kind});
			const named = operands.map(word => findOne(kind, items, word, {exact: false}));
			const ids = new Set(named.map(({id}) => id));
			const [only] = ids.size === 1 ? ids : [];
			const idField = kind === 'service' ? 'serviceId' : 'nodeId';
			return {
				query: only === undefined ? query : {...query, [idField]: only},
				keep: instance => ids.has(instance[idField] ?? ''),
				notes: async found => emptyNotes(backend, host.now(), found, named),
			};
		},
	});
}

/** Why nothing is shown of a service that should have instances. */
async function emptyNotes(
	backend: Backend,
	now: number,
	instances: readonly Instance[],
	named: ReadonlyArray<Service | Node>,
): Promise<readonly string[]> {
	const empty = named.filter(
		(one): one is Service =>
			one.kind === 'service' && one.status.desired > 0 && !instances.some(({serviceId}) => serviceId === one.id),
	);
	if (empty.length === 0) return [];
	const {events} = empty.some(isUnexplained) ? await readBeside(backend) : {events: []};
	const lacks = lacksOf(empty, {instances, events, now});
	return empty.flatMap(service => {
		const {message} = withLack(service, lacks).status;
		return message === undefined ? [] : [`${service.name} has no instance: ${message}`];
	});
}

export const ps = instancesOf('service', byService);
export const nodePs = instancesOf('node', byNode);
