import {choice, toggle} from '../../../actions/fields/fields.ts';
import type {Backend} from '../../../core/backend.ts';
import type {Instance, Node, Objects, Usage} from '../../../core/model/index.ts';
import {shareOf} from '../../../core/pulse/usage-sums.ts';
import {findOne} from '../../arguments/resolve.ts';
import {cpu, instanceListing, type Listing, memory, nodeListing} from '../../output/listings.ts';
import {formatOf, listFields, type Printing, renderList} from '../../output/print.ts';
import {type Call, defineVerb} from '../../verb.ts';

const titles = ['NAMESPACE', 'NAME', 'NODE', 'STATE', 'CPU', 'MEMORY', 'RESTARTS', 'PID'];

const ofInstances: Listing<Instance> = {
	columns(now) {
		const columns = instanceListing.columns(now).map(column => ({...column, wide: false}));
		return titles.flatMap(title => columns.filter(column => column.title === title));
	},
	shape: instanceListing.shape,
};

function percent(share: number | undefined): string {
	return share === undefined ? '' : `${Math.round(share * 100)} %`;
}

/** Of a node, how much of all it has: one CPU of four is 25 %. */
const ofNodes: Listing<Node> = {
	columns: now => [
		...nodeListing.columns(now).filter(({title}) => title === 'NAME' || title === 'STATUS'),
		{title: 'INSTANCES', align: 'right', value: ({instances}) => String(instances)},
		{title: 'CPU', align: 'right', value: ({usage}) => cpu(usage)},
		{title: 'OF CPUS', align: 'right', value: ({usage, capacity}) => percent(shareOf(usage?.cpus, capacity.cpus))},
		{title: 'MEMORY', align: 'right', value: ({usage}) => memory(usage)},
		{
			title: 'OF MEMORY',
			align: 'right',
			value: ({usage, capacity}) => percent(shareOf(usage?.memoryBytes, capacity.memoryBytes)),
		},
	],
	shape: nodeListing.shape,
};

type Measured = {readonly name: string; readonly usage?: Usage};

const figures = {
	cpu: ({usage}: Measured) => usage?.cpus ?? -1,
	memory: ({usage}: Measured) => usage?.memoryBytes ?? -1,
};

const fields = {
	...listFields,
	sort: choice('By what', ['cpu', 'memory'], {fallback: 'cpu'}),
	watch: toggle('Go on with every change', {short: 'w'}),
};

type TopCall = Call<typeof fields>;

export const top = defineVerb({
	operands: [{name: 'SERVICE', completes: 'service', optional: true, many: true}],
	fields,
	details:
		'As kubectl has it, `top nodes` shows nodes, and names of instances may follow `top pods`. Of CPU, 100 % is one.',
	examples: ['muster top', 'muster top web --sort memory', 'muster top nodes'],
	async run(call) {
		const print = printer(call, formatOf(call.flags, call.shared));
		const backend = await call.backend();
		const [first = '', ...rest] = call.operands;
		const services = call.operands.length === 0 ? [] : (await backend.list({kind: 'service'})).items;
		// A service of that name is rather meant.
		const word = services.some(({name}) => name === first) ? '' : first;
		if (/^nodes?$/.test(word)) {
			const nodes = await named(backend, 'node', rest);
			return print(backend, 'node', ofNodes, nodes);
		}

		if (/^(pod|instance)s?$/.test(word)) {
			const instances = await named(backend, 'instance', rest);
			return print(backend, 'instance', ofInstances, one => isRunning(one) && instances(one));
		}

		const ids = new Set(call.operands.map(operand => findOne('service', services, operand, {exact: false}).id));
		const isOwn = ({serviceId}: Instance) => ids.size === 0 || ids.has(serviceId);
		return print(backend, 'instance', ofInstances, one => isRunning(one) && isOwn(one));
	},
});

function isRunning({status}: Instance): boolean {
	return status.state === 'running';
}

async function named<K extends 'node' | 'instance'>(
	backend: Backend,
	kind: K,
	words: readonly string[],
): Promise<(object: Objects[K]) => boolean> {
	if (words.length === 0) return () => true;
	const {items} = await backend.list<K>({kind});
	const ids = new Set(words.map(word => findOne(kind, items, word, {exact: false}).id));
	return ({id}) => ids.has(id);
}

function printer(call: TopCall, format: Printing<unknown>['format']) {
	const {host, flags, shared} = call;
	const figure = figures[flags.sort ?? 'cpu'];
	const compare = (a: Measured, b: Measured) => figure(b) - figure(a) || (a.name < b.name ? -1 : 1);
	return async <K extends 'node' | 'instance'>(
		backend: Backend,
		kind: K,
		listing: Listing<Objects[K]>,
		keep: (object: Objects[K]) => boolean,
	): Promise<number> => {
		const {noColor} = shared;
		const printing = {host, listing, context: backend.name, format, headers: !flags.noHeaders, noColor};
		const query = {kind, usage: true} as const;
		if (flags.watch) {
			const {watchList} = await import('../../watching/watch-list.ts');
			return watchList<K>(call as Call, backend, {query, keep, compare, printing});
		}

		const {items} = await backend.list<K>(query);
		host.stdout.write(await renderList(printing, items.filter(keep).toSorted(compare)));
		return 0;
	};
}
