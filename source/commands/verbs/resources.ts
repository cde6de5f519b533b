import type {Action} from '../../actions/action.ts';
import {text, toggle} from '../../actions/fields/fields.ts';
import {labelChange} from '../../actions/fields/label-change.ts';
import {labelResource, removeResource, resourcesOf} from '../../actions/resource/resource.ts';
import {ClusterError} from '../../core/error.ts';
import type {Resource} from '../../core/model/index.ts';
import type {ResourceFacet, ResourceSelection, ResourceTable, ResourceType} from '../../core/resource/facet.ts';
import {typeWord} from '../../core/resource/type.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Listing} from '../output/listings.ts';
import {formatOf, listFields, type Printing, renderList} from '../output/print.ts';
import {type Errand, runErrands} from '../run-action.ts';
import {type Call, defineVerb} from '../verb.ts';
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
	labels: text('Only with these labels: app=web,tier!=front', 'SELECTOR', {short: 'l'}),
	watch: toggle('Go on with every change', {short: 'w'}),
	decode: toggle('With -o json or yaml: what secrets hold as text'),
};

export const resourceLs = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', many: true, optional: true}],
	fields: lsFields,
	details: 'Any kind, in the columns of the server itself. -o json and yaml give whole objects.',
	examples: ['muster get ingresses', 'muster get pods -A -l app=web', 'muster get crontabs mine -o yaml'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const [word = '', ...names] = operands;
		const backend = await call.backend();
		const resources = resourcesOf(backend);
		const selection: ResourceSelection = {labels: flags.labels, ...(names.length === 1 ? {name: names[0]} : {})};
		const wanted = ({name}: Resource) => names.length === 0 || names.includes(name);
		const check = ({type, rows}: ResourceTable) => {
			const missing = names.find(name => !rows.some(row => row.name === name));
			if (missing !== undefined) {
				throw new ClusterError('not-found', `there is no ${type.kind} ${JSON.stringify(stripControl(missing))}`);
			}
		};
		const text = (table: ResourceTable) => tableText(call as never, backend.name, table, flags.decode ? 'text' : true);
		const format = formatOf(flags, shared);
		if (flags.watch) {
			await watchResources({host, resources, word, selection, format, check, wanted, text});
			return 130;
		}

		const table = await resources.table(word, selection, host.interrupted);
		check(table);
		const rows = table.rows.filter(wanted);
		host.stdout.write(await text({...table, rows}));
		return 0;
	},
});

async function tableText(
	call: Call<typeof listFields>,
	context: string,
	table: ResourceTable,
	reveals: true | 'text',
): Promise<string> {
	const {shared} = call;
	const printing = printingOf(call, context, tableListing(table, shared.allNamespaces ?? false));
	if (shared.output === 'json' || shared.output === 'yaml' || shared.output === 'ndjson') {
		const resources = resourcesOf(await call.backend());
		const type = typeWord(table.type);
		const whole = await Promise.all(table.rows.map(({name, scope}) => resources.read({type, name, scope}, {reveals})));
		const named = whole.map((object, index) => ({name: table.rows[index]?.name ?? '', object}));
		const listing: Listing<(typeof named)[number]> = {columns: () => [], shape: ({object}) => object};
		return renderList({...printing, listing}, named);
	}

	return renderList(printing, table.rows);
}

export const resourceDescribe = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', many: true}],
	fields: {},
	details: 'All about objects of any kind, and what happened to them.',
	async run({host, operands, backend: open}) {
		const [type = '', ...names] = operands;
		const resources = resourcesOf(await open());
		for (const [index, name] of names.entries()) {
			const lines = await resources.describe({type, name});
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
	operands: [{name: 'KIND'}, {name: 'NAME', many: true}],
	fields: removeResource.fields,
	writes: true,
	details: 'Whatever belongs to them goes after them, unless --cascade says otherwise.',
	async run(call) {
		const [type = '', ...names] = call.operands;
		const targets = await foundResources(resourcesOf(await call.backend()), type, names);
		return runAll(
			call as never,
			targets.map(target => ({action: removeResource as unknown as Action, target, input: call.flags as never})),
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
