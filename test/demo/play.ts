import type {Backend, LogLine, LogQuery} from '../../source/core/backend.ts';
import type {Kind, Objects} from '../../source/core/model/index.ts';
import {createDemo} from '../../source/demo/demo.ts';
import type {DemoOptions} from '../../source/demo/options.ts';
import {createManualClock, type ManualClock} from '../helpers/manual-clock.ts';

export type Play = {
	readonly backend: Backend;
	readonly clock: ManualClock;
	all<K extends Kind>(kind: K): Promise<ReadonlyArray<Objects[K]>>;
	logs(query: Partial<LogQuery>): Promise<readonly LogLine[]>;
};

const small: DemoOptions = {seed: 1, nodes: 12, instances: 200, changesPerSecond: 0};

/** A demo on a manual clock. */
export function play(options: Partial<DemoOptions> = {}): Play {
	const clock = createManualClock();
	const backend = createDemo({...small, ...options}, clock);
	return {
		backend,
		clock,
		async all(kind) {
			return (await backend.list({kind})).items;
		},
		async logs(query) {
			const lines: LogLine[] = [];
			const stream = backend.facets.logs?.({instanceIds: [], follow: false, ...query}, new AbortController().signal);
			for await (const line of stream ?? []) lines.push(line);
			return lines;
		},
	};
}

export async function named<K extends Kind>({all}: Play, kind: K, name: string): Promise<Objects[K]> {
	const found = (await all(kind)).find(object => object.name === name);
	if (found === undefined) throw new Error(`no ${kind} is called ${name}`);
	return found;
}
