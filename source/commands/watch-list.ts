import type {Backend, Change, Query} from '../core/backend.ts';
import {ClusterError} from '../core/error.ts';
import type {Kind, Objects} from '../core/model/index.ts';
import {follow} from './follow.ts';
import {toJson} from './output/json.ts';
import {type Printing, renderList} from './output/print.ts';
import {createPulse} from './pulse.ts';
import type {Call} from './verb.ts';

/** A table is drawn again this often at most. */
const drawMs = 100;

export type WatchedList<K extends Kind> = {
	readonly query: Query<K>;
	keep(object: Objects[K]): boolean;
	compare(a: Objects[K], b: Objects[K]): number;
	readonly printing: Printing<Objects[K]>;
};

/** Goes on until ctrl-c: as lines of JSON one a change, else the whole again. */
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
	for await (const {changes} of follow(backend, query, {signal: host.interrupted, clock: host})) {
		changes.forEach(line);
	}
}

async function redraw<K extends Kind>({host}: Call, backend: Backend, list: WatchedList<K>): Promise<void> {
	const {stdout, interrupted} = host;
	const pulse = createPulse(host, interrupted, drawMs);
	let items: ReadonlyMap<string, Objects[K]> | undefined;
	const keep = async () => {
		for await (const now of follow(backend, list.query, {signal: interrupted, clock: host})) {
			items = now.items;
			pulse.news();
		}
	};
	void keep().catch(pulse.fail);
	let drawn = '';
	while (!interrupted.aborted) {
		await pulse.next();
		const shown = items && [...items.values()].filter(list.keep).toSorted(list.compare);
		const text = shown === undefined ? drawn : await renderList(list.printing, shown);
		if (text !== drawn && !interrupted.aborted) {
			stdout.write(stdout.isTTY ? onScreen(text, stdout.rows) : `${drawn === '' ? '' : '\n'}${text}`);
			drawn = text;
		}
	}
}

/** From the top of the screen, and no more than it holds. */
export function onScreen(text: string, rows: number): string {
	const lines = text.split('\n').slice(0, Math.max(1, rows - 1));
	return `\x1b[H\x1b[J${lines.join('\n')}\n`;
}
