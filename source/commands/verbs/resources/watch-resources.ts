import type {Backend} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Resource} from '../../../core/model/index.ts';
import type {ResourceFacet, ResourceSelection, ResourceTable} from '../../../core/resource/facet.ts';
import type {Host} from '../../host.ts';
import {toJson} from '../../output/json.ts';
import type {Printing} from '../../output/print.ts';
import {follow, persist} from '../../watching/follow.ts';
import {createOutage} from '../../watching/outage.ts';
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

/** Goes on until ctrl-c, through every outage: the table again, at most once a second, or a line of JSON for each change. */
export async function watchResources(list: WatchedResources): Promise<void> {
	const {format} = list;
	if (format === 'json' || format === 'yaml') {
		throw new ClusterError('usage', `--watch does not go with -o ${format}: use -o ndjson, which is a line a change`);
	}

	await (format === 'ndjson' ? printObjects(list) : printTables(list));
}

async function printTables(list: WatchedResources): Promise<void> {
	const {host, resources, word, selection, wanted} = list;
	const {stdout} = host;
	const outage = createOutage(host, {isDrawn: stdout.isTTY});
	let shown: ResourceTable | undefined;
	let printed = '';
	const print = async () => {
		if (shown === undefined) return;
		const text = `${outage.stale()}${await list.text({...shown, rows: shown.rows.filter(wanted)})}`;
		if (text === printed || host.interrupted.aborted) return;
		stdout.write(stdout.isTTY ? onScreen(text, stdout) : `${printed === '' ? '' : '\n'}${text}`);
		printed = text;
	};
	let pending = Promise.resolve();
	let cancel: (() => void) | undefined;
	// All of it is read again: how old everything is has changed, too. Where it cannot be, the broken watch says so.
	const again = () => {
		cancel = undefined;
		pending = pending
			.then(async () => {
				shown = await resources.table(word, selection, host.interrupted);
				await print();
			})
			.catch(() => {});
	};
	const feed = feedOf(list);
	const broken = (error: ClusterError | undefined) => {
		outage.broken(error);
		// Its age grows; all that was read before has been printed then.
		if (error !== undefined) pending = pending.then(print).catch(() => {});
	};
	const following = {signal: host.interrupted, clock: host, patient: outage.patient, broken};
	try {
		for await (const {changes} of follow(feed.backend, {kind: 'resource'}, following)) {
			if (shown === undefined || feed.isListedAnew()) {
				outage.begun();
				shown = feed.table();
				await print();
			} else if (changes.some(change => change.type !== 'put' || wanted(change.object))) {
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
	const outage = createOutage(host, {isDrawn: false});
	const following = {signal: host.interrupted, clock: host, ...outage};
	const known = new Map<string, Resource>();
	for await (const {changes} of follow(feedOf(list).backend, {kind: 'resource'}, following)) {
		outage.begun();
		for (const change of changes) {
			if (change.type === 'put' && wanted(change.object)) {
				const {id, type, name, scope} = change.object;
				known.set(id, change.object);
				const read = () => resources.read({type, name, scope}, {reveals: true});
				const whole = await persist(read, following).catch(ifGone);
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
	let isListedAnew = false;
	const feed = {
		async list(_: unknown, signal: AbortSignal) {
			const isFirst = table === undefined;
			table = await resources.table(word, selection, signal);
			if (isFirst) check(table);
			isListedAnew = true;
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
		/** Whether it was since this was asked last. */
		isListedAnew(): boolean {
			const was = isListedAnew;
			isListedAnew = false;
			return was;
		},
	};
}
