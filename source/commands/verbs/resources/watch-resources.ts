import type {Backend} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Resource} from '../../../core/model/index.ts';
import type {ResourceFacet, ResourceSelection, ResourceTable} from '../../../core/resource/facet.ts';
import type {Host} from '../../host.ts';
import {toJson} from '../../output/json.ts';
import type {Printing} from '../../output/print.ts';
import {follow} from '../../watching/follow.ts';
import {onScreen} from '../../watching/watch-list.ts';

/** What follows is printed at most so often. */
const printedMs = 1000;

export type WatchedResources = {
	readonly host: Host;
	readonly resources: ResourceFacet;
	/** As somebody has typed the kind. */
	readonly word: string;
	readonly selection: ResourceSelection;
	readonly format: Printing<Resource>['format'];
	/** Throws where something is not there that was named; asked at the beginning only. */
	check(table: ResourceTable): void;
	wanted(row: Resource): boolean;
	/** The table as it is printed. */
	text(table: ResourceTable): Promise<string>;
};

/** Goes on until ctrl-c, over broken connections too: the table again, at most once a second, or a line of JSON for each change. */
export async function watchResources(list: WatchedResources): Promise<void> {
	const {format} = list;
	if (format === 'json' || format === 'yaml') {
		throw new ClusterError('usage', `--watch does not go with -o ${format}: use -o ndjson, which is a line a change`);
	}

	await (format === 'ndjson' ? printObjects(list) : printTables(list));
}

async function printTables(list: WatchedResources): Promise<void> {
	const {host, resources, word, selection, wanted} = list;
	let printed = '';
	const print = async (table: ResourceTable) => {
		const text = await list.text({...table, rows: table.rows.filter(wanted)});
		if (text === printed || host.interrupted.aborted) return;
		const {stdout} = host;
		stdout.write(stdout.isTTY ? onScreen(text, stdout) : `${printed === '' ? '' : '\n'}${text}`);
		printed = text;
	};
	let pending = Promise.resolve();
	let cancel: (() => void) | undefined;
	// All of it is read again: how old everything is has changed, too. Where it cannot be, the broken watch says so.
	const again = () => {
		cancel = undefined;
		pending = pending.then(async () => print(await resources.table(word, selection, host.interrupted))).catch(() => {});
	};
	const feed = feedOf(list);
	try {
		for await (const {changes} of follow(feed.backend, {kind: 'resource'}, {signal: host.interrupted, clock: host})) {
			if (printed === '') await print(feed.table());
			else if (changes.some(change => change.type !== 'put' || wanted(change.object))) {
				cancel ??= host.after(printedMs, again);
			}
		}
	} finally {
		cancel?.();
	}
}

/** Whole objects; one that is gone comes with what names it, and `removed`. */
async function printObjects(list: WatchedResources): Promise<void> {
	const {host, resources, wanted} = list;
	const known = new Map<string, Resource>();
	for await (const {changes} of follow(
		feedOf(list).backend,
		{kind: 'resource'},
		{signal: host.interrupted, clock: host},
	)) {
		for (const change of changes) {
			if (change.type === 'put' && wanted(change.object)) {
				const {id, type, name, scope} = change.object;
				known.set(id, change.object);
				const whole = await resources.read({type, name, scope}, {reveals: true}).catch(ifGone);
				if (whole !== undefined) host.stdout.write(`${toJson(whole)}\n`);
			} else if (change.type === 'remove') {
				const gone = known.get(change.id);
				known.delete(change.id);
				if (gone === undefined) continue;
				const {id, name, scope, title} = gone;
				const metadata = {name, ...(scope === undefined ? {} : {namespace: scope}), uid: id};
				host.stdout.write(`${toJson({kind: title, metadata, removed: true})}\n`);
			}
		}
	}
}

/** Its end comes as a change of its own. */
function ifGone(thrown: unknown): undefined {
	if (toClusterError(thrown).code === 'not-found') return undefined;
	throw thrown;
}

/** A backend of this one kind, and the table as it was listed last. */
function feedOf({resources, word, selection, check}: WatchedResources) {
	let table: ResourceTable | undefined;
	const feed = {
		async list(_: unknown, signal: AbortSignal) {
			const isFirst = table === undefined;
			table = await resources.table(word, selection, signal);
			if (isFirst) check(table);
			return {items: table.rows, revision: table.revision};
		},
		watch: (_: unknown, since: string, signal: AbortSignal) => resources.watch(word, selection, since, signal),
	};
	return {
		backend: feed as unknown as Pick<Backend, 'list' | 'watch'>,
		table(): ResourceTable {
			if (table === undefined) throw new Error('nothing was listed yet');
			return table;
		},
	};
}
