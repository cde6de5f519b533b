import {type LogSource, readLogs} from '../../backends/local/client/read-logs.ts';
import {type Home, instancePaths} from '../../backends/local/home.ts';
import type {LogLine, LogQuery} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {Instance} from '../../core/model/index.ts';
import type {Store} from '../../orchestrator/store/store.ts';

/** The logs of a query, straight from the instances' folders: also while their agents are away. */
export function queryLogs(home: Home, store: Store, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine> {
	const {instanceIds, serviceId, follow, sinceAt, tail} = query;
	const asked = instanceIds.map(id => existing(store, id));
	const placed = asked.filter(({nodeName}) => nodeName !== undefined);
	const waiting = new Set(asked.filter(instance => !placed.includes(instance)).map(({id}) => id));
	return readLogs({
		sources: placed.map(instance => sourceOf(home, store, instance)),
		follow,
		...(follow && {
			joining: joining(home, store, {waiting, serviceId, told: new Set(placed.map(({id}) => id)), signal}),
		}),
		...(sinceAt !== undefined && {sinceAt}),
		...(tail !== undefined && {tail}),
		signal,
	});
}

function existing(store: Store, id: string): Instance {
	const found = store.get('instance', id);
	if (!found) {
		throw new ClusterError('not-found', `There is no instance ${id}.`);
	}

	return found;
}

function sourceOf(home: Home, store: Store, {id, name, nodeName = ''}: Instance): LogSource {
	return {
		instanceId: id,
		instanceName: name,
		folder: instancePaths(home, nodeName, id).folder,
		hasEnded() {
			const now = store.get('instance', id);
			return now === undefined || isFinal(now.status.state);
		},
	};
}

type Joining = {
	/** Asked for by their id, and not on a node yet. */
	readonly waiting: Set<string>;
	readonly serviceId: string | undefined;
	readonly told: Set<string>;
	readonly signal: AbortSignal;
};

/** Instances as they come onto a node; ends when none can come any more. */
async function* joining(
	home: Home,
	store: Store,
	{waiting, serviceId, told, signal}: Joining,
): AsyncGenerator<LogSource> {
	let wake = () => {};
	const unsubscribe = store.subscribe(
		changes => changes.some(({kind}) => kind === 'instance' || kind === 'service') && wake(),
	);
	signal.addEventListener('abort', () => wake());
	const candidates = () => [
		...[...waiting].map(id => store.get('instance', id)).filter(found => found !== undefined),
		...(serviceId === undefined ? [] : store.instancesOfService(serviceId)),
	];
	const mayCome = () => candidates().length > 0 || (serviceId !== undefined && store.get('service', serviceId));
	try {
		while (!signal.aborted && mayCome()) {
			const news = candidates().filter(({id, nodeName}) => nodeName !== undefined && !told.has(id));
			for (const instance of news) {
				told.add(instance.id);
				waiting.delete(instance.id);
				yield sourceOf(home, store, instance);
			}

			if (news.length === 0) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		}
	} finally {
		unsubscribe();
	}
}
