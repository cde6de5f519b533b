import type {Backend, Change, Query} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import {displayWidth} from '../../core/text/text.ts';
import type {Host} from '../host.ts';
import {toJson} from '../output/json.ts';
import {type Printing, renderList} from '../output/print.ts';
import type {Call} from '../verb.ts';
import {type Beside, followBeside} from './beside.ts';
import {follow} from './follow.ts';
import {createOutage} from './outage.ts';
import {createPulse} from './pulse.ts';

/** A table is drawn again this often at most. */
const drawMs = 100;

export type WatchedList<K extends Kind> = {
	readonly query: Query<K>;
	keep(object: Objects[K]): boolean;
	compare(a: Objects[K], b: Objects[K]): number;
	readonly printing: Printing<Objects[K]>;
	/** What other objects say of those that are shown in a table: followed from when it is first wanted. */
	readonly beside?: Beside<Objects[K]>;
};

/** Goes on until ctrl-c, through every outage: as lines of JSON one a change, else the whole again. */
export async function watchList<K extends Kind>(call: Call, backend: Backend, list: WatchedList<K>): Promise<number> {
	const {format} = list.printing;
	if (format === 'json' || format === 'yaml') {
		throw new ClusterError('usage', `--watch does not go with -o ${format}: use -o ndjson, which is a line a change`);
	}

	await (format === 'ndjson' ? printChanges(call, backend, list) : redraw(call, backend, list));
	return call.host.interrupted.aborted ? 130 : 0;
}

/** A removed object comes once more as it last was, with `removed`. */
async function printChanges<K extends Kind>(
	{host}: Call,
	backend: Backend,
	{query, keep, printing}: WatchedList<K>,
): Promise<void> {
	const outage = createOutage(host, {isDrawn: false});
	const known = new Map<string, Objects[K]>();
	const line = (change: Change<K>): void => {
		const object = change.type === 'put' ? change.object : change.type === 'remove' ? known.get(change.id) : undefined;
		if (object === undefined || !keep(object)) {
			return;
		}

		const shape = printing.listing.shape(object, printing.context) as object;
		if (change.type === 'put') {
			known.set(object.id, object);
		} else {
			known.delete(object.id);
		}

		host.stdout.write(`${toJson(change.type === 'put' ? shape : {...shape, removed: true})}\n`);
	};
	for await (const {changes} of follow(backend, query, {signal: host.interrupted, clock: host, ...outage})) {
		outage.begun();
		changes.forEach(line);
	}
}

async function redraw<K extends Kind>({host}: Call, backend: Backend, list: WatchedList<K>): Promise<void> {
	const {stdout, interrupted} = host;
	const pulse = createPulse(host, interrupted, drawMs);
	const outage = createOutage(host, {isDrawn: stdout.isTTY});
	let items: ReadonlyMap<string, Objects[K]> | undefined;
	const keep = async () => {
		for await (const now of follow(backend, list.query, {signal: interrupted, clock: host, ...outage})) {
			items = now.items;
			outage.begun();
			pulse.news();
		}
	};
	void keep().catch(pulse.fail);
	const beside = list.beside && followBeside(backend, host, list.beside, pulse.news);
	let drawn = '';
	while (!interrupted.aborted) {
		await pulse.next();
		const kept = items && [...items.values()].filter(list.keep).toSorted(list.compare);
		const shown = kept && beside ? beside(kept) : kept;
		const table = shown === undefined ? '' : await renderList(list.printing, shown);
		const text = `${outage.stale()}${table}`;
		if (shown !== undefined && text !== drawn && !interrupted.aborted) {
			stdout.write(stdout.isTTY ? onScreen(text, stdout) : `${drawn === '' ? '' : '\n'}${text}`);
			drawn = text;
		}
	}
}

/** From the top of the screen, and no more than it holds: lines that are longer than it is wide take several rows of it. */
export function onScreen(text: string, {rows, columns}: Pick<Host['stdout'], 'rows' | 'columns'>): string {
	let room = Math.max(1, rows - 1);
	const shown = text.split('\n').filter(line => {
		const width = displayWidth(line.replaceAll(colours, ''));
		room -= Math.max(1, Math.ceil(width / Math.max(1, columns)));
		return room >= 0;
	});
	return `\x1b[H\x1b[J${shown.join('\n')}\n`;
}

// Its own colours are the only control sequences that are there.
const colours = /\x1b\[[\d;]*m/g;
