import type {Action} from '../../../actions/action.ts';
import {text, toggle} from '../../../actions/fields/fields.ts';
import {labelChange} from '../../../actions/fields/label-change.ts';
import {labelResource, removeResource, resourcesOf} from '../../../actions/resource/resource.ts';
import type {Backend} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Resource} from '../../../core/model/index.ts';
import type {
	ResourceFacet,
	ResourceRef,
	ResourceSelection,
	ResourceTable,
	ResourceType,
} from '../../../core/resource/facet.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {Listing} from '../../output/listings.ts';
import {formatOf, listFields, type Printing, renderList, renderOne} from '../../output/print.ts';
import type {Errand} from '../../running/errand.ts';
import {runErrands, waitFields} from '../../running/run-action.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {type KindAndNames, kindsAndNames, listedKinds} from './kinds-and-names.ts';
import {watchResources} from './watch-resources.ts';

const typeListing: Listing<ResourceType> = {
	columns: () => [
		{title: 'NAME', value: ({name}) => name},
		{title: 'KIND', value: ({kind}) => kind},
		{title: 'API', value: ({apiVersion}) => apiVersion},
		{title: 'NAMESPACED', value: ({namespaced}) => (namespaced ? 'yes' : '')},
		{title: 'SHORT', value: ({shortNames}) => shortNames.join(', ')},
		{title: 'VERBS', wide: true, value: ({verbs}) => verbs.join(', ')},
	],
	shape: ({name, kind, apiVersion, namespaced, shortNames, verbs}, context) => ({
		...{name, context, kind, apiVersion, namespaced, shortNames, verbs},
	}),
};

function printingOf<T>(call: Call<typeof listFields>, context: string, listing: Listing<T>): Printing<T> {
	const {host, flags, shared} = call;
	const format = formatOf(flags, shared);
	return {host, listing, context, format, headers: !flags.noHeaders, noColor: shared.noColor};
}

export const resourceTypes = defineVerb({
	operands: [],
	fields: listFields,
	details: 'Every kind that the cluster has, those of its extensions too.',
	async run(call) {
		const backend = await call.backend();
		const types = await resourcesOf(backend).types();
		call.host.stdout.write(await renderList(printingOf(call as never, backend.name, typeListing), types));
		return 0;
	},
});

function tableListing({columns, rows}: Pick<ResourceTable, 'columns' | 'rows'>, isAll: boolean): Listing<Resource> {
	const scoped = isAll && rows.some(({scope}) => scope !== undefined);
	return {
		columns: () => [
			...(scoped ? [{title: 'NAMESPACE', value: ({scope}: Resource) => scope ?? ''}] : []),
			...columns.map(({title, wide}, index) => ({
				title: stripControl(title),
				wide,
				shrinkTo: 12,
				value: ({cells}: Resource) => cells[index] ?? '',
			})),
		],
		shape: ({id, name, scope, cells}, context) => ({
			...{id, name, context, scope: scope ?? null},
			cells: Object.fromEntries(columns.map(({title}, index) => [title, cells[index] ?? ''])),
		}),
	};
}

const lsFields = {
	...listFields,
	labels: text('Only with these labels: app=web,tier!=front', 'SELECTOR', {short: 'l', aliases: ['selector']}),
	watch: toggle('Go on with every change', {short: 'w'}),
	decode: toggle('With -o json or yaml: what secrets hold as text'),
};

export const resourceLs = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', many: true, optional: true}],
	fields: lsFields,
	details:
		'Any kind, in the columns of the server itself. -o json and yaml give whole objects: a list, and of one that is named the object itself.\nKIND/NAME, several kinds with commas between them, and all are understood, too.',
	examples: [
		'muster get ingresses',
		'muster get pods -A -l app=web',
		'muster get crontabs mine -o yaml',
		'muster get deployments,services',
	],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const backend = await call.backend();
		const resources = resourcesOf(backend);
		const asked = (await listedKinds(operands, resources)).map(one => askedOf(one, flags.labels));
		const format = formatOf(flags, shared);
		if (flags.watch) {
			const [one, ...others] = asked;
			if (one === undefined || others.length > 0) {
				throw new ClusterError('usage', '--watch follows one kind at a time');
			}

			const text = (table: ResourceTable) => tablesText(call as never, backend.name, [table]);
			await watchResources({host, resources, ...one, format, text});
			return 130;
		}

		const isWhole = format === 'json' || format === 'yaml' || format === 'ndjson';
		const reveals = flags.decode ? 'text' : true;
		const text = isWhole
			? await wholeText(call as never, backend.name, asked, reveals)
			: await tablesText(
					call as never,
					backend.name,
					await Promise.all(
						asked.map(async ({word, selection, check, wanted}) => {
							const table = await resources.table(word, selection, host.interrupted);
							check(table);
							return {...table, rows: table.rows.filter(wanted)};
						}),
					),
				);
		host.stdout.write(text);
		if (text === '') host.stderr.write(noneText(backend, call, asked));
		return 0;
	},
});

/** What is printed for people as nothing at all would be read as a failure. */
function noneText(
	{facets}: Pick<Backend, 'facets'>,
	{shared}: Pick<Call, 'shared'>,
	asked: ReadonlyArray<{readonly word: string}>,
): string {
	const {namespaces} = facets;
	const isAll = shared.allNamespaces ?? namespaces?.current === undefined;
	const where = namespaces === undefined ? '' : isAll ? ' in any namespace' : ` in the namespace ${namespaces.current}`;
	return `There are no ${stripControl(asked.map(({word}) => word).join(', '))}${where}.\n`;
}

type Asked = {
	readonly word: string;
	readonly selection: ResourceSelection;
	/** Throws where something is missing that was named. */
	check(found: {readonly type: ResourceType; readonly rows: readonly Named[]}): void;
	wanted(row: Named): boolean;
	/** The only one that was asked for is not a list. */
	readonly isOneNamed: boolean;
};

type Named = {readonly name: string};

function askedOf({type: word, names}: KindAndNames, labels: string | undefined): Asked {
	return {
		word,
		selection: {labels, ...(names.length === 1 ? {name: names[0]} : {})},
		wanted: ({name}) => names.length === 0 || names.includes(name),
		isOneNamed: names.length === 1,
		check({type, rows}) {
			const missing = names.find(name => !rows.some(row => row.name === name));
			if (missing !== undefined) {
				throw new ClusterError('not-found', `there is no ${type.kind} ${JSON.stringify(stripControl(missing))}`);
			}
		},
	};
}

/** Whole objects, of all kinds in one list; of one that was named the object itself. */
async function wholeText(
	call: Call<typeof listFields>,
	context: string,
	asked: readonly Asked[],
	reveals: true | 'text',
): Promise<string> {
	const resources = resourcesOf(await call.backend());
	const signal = call.host.interrupted;
	const found = await Promise.all(
		asked.map(async ({word, selection, check, wanted}) => {
			const {type, objects} = await resources.readAll(word, selection, {reveals, signal});
			const rows = objects.map(object => ({name: object.metadata.name, object}));
			check({type, rows});
			return rows.filter(wanted);
		}),
	);
	const all = found.flat();
	const printing = printingOf<(typeof all)[number]>(call, context, {columns: () => [], shape: ({object}) => object});
	const [one, ...others] = all;
	const isNamed = asked.length === 1 && asked[0]?.isOneNamed;
	return isNamed && one !== undefined && others.length === 0 ? renderOne(printing, one) : renderList(printing, all);
}

/** Of several tables those that have rows stand below each other, each under its kind. */
async function tablesText(
	call: Call<typeof listFields>,
	context: string,
	tables: readonly ResourceTable[],
): Promise<string> {
	const {shared} = call;
	const format = formatOf(call.flags, shared);
	const isAll = shared.allNamespaces ?? false;
	if (format === 'name') return tables.flatMap(({rows}) => rows.map(row => `${kindAndName(row)}\n`)).join('');
	const shown = tables.length === 1 ? tables : tables.filter(({rows}) => rows.length > 0);
	const texts = await Promise.all(
		shown.map(table => renderList(printingOf(call, context, tableListing(table, isAll)), table.rows)),
	);
	return (format === 'table' || format === 'wide') && tables.length > 1
		? shown.map(({type}, index) => `${stripControl(type.name)}\n${texts[index]}`).join('\n')
		: texts.join('');
}

/** As every command takes it. */
function kindAndName({type, name}: Resource): string {
	return stripControl(`${type}/${name}`);
}

export const resourceDescribe = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', many: true, optional: true}],
	fields: {},
	details:
		'All about objects of any kind, and what happened to them; without a name of all of the kind. KIND/NAME is understood, too.',
	async run(call) {
		const {host, operands} = call;
		const backend = await call.backend();
		const resources = resourcesOf(backend);
		const named = await Promise.all(
			kindsAndNames(operands).map(async ({type, names}): Promise<readonly ResourceRef[]> => {
				if (names.length > 0) return names.map(name => ({type, name}));
				const {rows} = await resources.table(type, {}, host.interrupted);
				return rows.map(({name, scope}) => ({type, name, scope}));
			}),
		);
		const refs = named.flat();
		if (refs.length === 0) {
			host.stderr.write(
				noneText(
					backend,
					call,
					kindsAndNames(operands).map(({type}) => ({word: type})),
				),
			);
		}

		for (const [index, ref] of refs.entries()) {
			const lines = await resources.describe(ref);
			host.stdout.write(`${index > 0 ? '\n' : ''}${lines.join('\n')}\n`);
		}

		return 0;
	},
});

/** As they are listed; what is not there is said before anything is asked. */
export async function foundResources(
	resources: ResourceFacet,
	type: string,
	names: readonly string[],
): Promise<readonly Resource[]> {
	const tables = await Promise.all(names.map(name => resources.table(type, {name})));
	return tables.map(({type: {kind}, rows: [row]}, index) => {
		if (row !== undefined) return row;
		const name = JSON.stringify(stripControl(names[index] ?? ''));
		throw new ClusterError('not-found', `there is no ${stripControl(kind)} ${name}`);
	});
}

export const resourceRm = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', many: true, optional: true}],
	fields: {...removeResource.fields, ...waitFields},
	writes: true,
	details: 'Whatever belongs to them goes after them, unless --cascade says otherwise.',
	async run(call) {
		const resources = resourcesOf(await call.backend());
		const {cascade} = call.flags;
		const asked = kindsAndNames(call.operands);
		if (asked.every(({names}) => names.length === 0)) throw new ClusterError('usage', 'NAME is missing');
		const targets = (await Promise.all(asked.map(({type, names}) => foundResources(resources, type, names)))).flat();
		return runAll(
			call as never,
			targets.map(target => ({action: removeResource as unknown as Action, target, input: {cascade} as never})),
		);
	},
});

export const resourceLabel = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME'}, {name: 'KEY=VALUE|KEY-', many: true}],
	fields: {},
	writes: true,
	details: 'KEY=VALUE sets a label, KEY- takes it away.',
	examples: ['muster resource label ingresses web tier=front old-'],
	async run(call) {
		const [type = '', name = '', ...changes] = call.operands;
		const labels = changes.map(change => labelChange.parse(change));
		const targets = await foundResources(resourcesOf(await call.backend()), type, [name]);
		return runAll(
			call as never,
			targets.map(target => ({action: labelResource as unknown as Action, target, input: {labels} as never})),
		);
	},
});

/** Of what the model does not know, no world is read. */
async function runAll(call: Call, errands: readonly Errand[]): Promise<number> {
	return runErrands(call, {now: call.host.now(), services: [], instances: [], nodes: [], images: []}, errands);
}
