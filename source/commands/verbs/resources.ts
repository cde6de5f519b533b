import {text, toggle} from '../../actions/fields.ts';
import {removeResources, resourcesOf} from '../../actions/manifests.ts';
import type {ResourceRow, ResourceSelection, ResourceTable, ResourceType} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text.ts';
import type {Listing} from '../output/listings.ts';
import {formatOf, listFields, type Printing, renderList} from '../output/print.ts';
import {type Call, defineVerb} from '../verb.ts';
import {runQuietly} from './manifests.ts';

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

function tableListing({columns, rows}: Pick<ResourceTable, 'columns' | 'rows'>, isAll: boolean): Listing<ResourceRow> {
	const scoped = isAll && rows.some(({scope}) => scope !== undefined);
	return {
		columns: () => [
			...(scoped ? [{title: 'NAMESPACE', value: ({scope}: ResourceRow) => scope ?? ''}] : []),
			...columns.map(({title, wide}, index) => ({
				title: stripControl(title),
				wide,
				shrinkTo: 12,
				value: ({cells}: ResourceRow) => cells[index] ?? '',
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
		const isAll = shared.allNamespaces ?? false;
		const print = async () => {
			const table = await resources.table(word, selection, host.interrupted);
			const wanted = table.rows.filter(({name}) => names.length === 0 || names.includes(name));
			const missing = names.find(name => !wanted.some(row => row.name === name));
			if (missing !== undefined) {
				throw new ClusterError('not-found', `there is no ${table.type.kind} ${JSON.stringify(stripControl(missing))}`);
			}

			await printTable(call as never, backend.name, {...table, rows: wanted}, isAll);
		};
		await print();
		if (!flags.watch) return 0;
		let pending = Promise.resolve();
		const again = () => {
			pending = pending.then(print).catch(() => {});
		};
		await resources.watch(word, selection, again, host.interrupted).catch((thrown: unknown) => {
			if (!host.interrupted.aborted) throw thrown;
		});
		return 130;
	},
});

async function printTable(
	call: Call<typeof listFields>,
	context: string,
	table: ResourceTable,
	isAll: boolean,
): Promise<void> {
	const {host, shared} = call;
	const printing = printingOf(call, context, tableListing(table, isAll));
	if (shared.output === 'json' || shared.output === 'yaml' || shared.output === 'ndjson') {
		const resources = resourcesOf(await call.backend());
		const type = typeWord(table.type);
		const whole = await Promise.all(table.rows.map(({name, scope}) => resources.read({type, name, scope})));
		const named = whole.map((object, index) => ({name: table.rows[index]?.name ?? '', object}));
		const listing: Listing<(typeof named)[number]> = {columns: () => [], shape: ({object}) => object};
		host.stdout.write(await renderList({...printing, listing}, named));
		return;
	}

	host.stdout.write(await renderList(printing, table.rows));
}

function typeWord({name, apiVersion}: ResourceType): string {
	return apiVersion.includes('/') ? `${name}.${apiVersion.split('/')[0]}` : name;
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

export const resourceRm = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', many: true}],
	fields: {},
	writes: true,
	async run(call) {
		const [type = '', ...names] = call.operands;
		const resources = resourcesOf(await call.backend());
		const refs = names.map(name => ({type, name}));
		// What is not there is said before anything is asked.
		await Promise.all(refs.map(ref => resources.read(ref)));
		const action = removeResources('resource.rm', refs, ({name}) => {
			call.host.stderr.write(`${stripControl(name)} removed\n`);
		});
		return runQuietly(call, {action, target: undefined, input: {}});
	},
});
