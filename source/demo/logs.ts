import type {Facets, LogLine, LogQuery} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {isFinal} from '../core/instance-state.ts';
import type {Instance, Instant} from '../core/model/index.ts';
import type {StoreReader} from '../orchestrator/store/store.ts';
import {chanceOf} from './load.ts';
import {firstLines, lastLines, ordinaryLine} from './log-text.ts';
import {tradeOf, trades} from './trades.ts';

/** Between two looks at what instances that are followed have written. */
const followMs = 200;
/** Kept of each instance, and given in all. */
const keptLines = 500;
const mostLines = 20_000;
const firstGapMs = 120;

type Parts = {readonly store: StoreReader; readonly clock: Clock};

/** What instances print, made up line by line: the same lines for who looks twice. */
export function demoLogs({store, clock}: Parts): Facets['logs'] {
	return async function* logs(query, signal, _missed, opened): AsyncGenerator<LogLine> {
		opened?.();
		const {sinceAt = Number.NEGATIVE_INFINITY, tail = keptLines} = query;
		let until = clock.now();
		const earlier = wanted(store, query).flatMap(instance => linesOf(instance, sinceAt, until).slice(-tail));
		yield* earlier.sort(byTime).slice(-mostLines);
		while (query.follow && !signal.aborted) {
			await pause(clock, signal);
			const from = until;
			until = clock.now();
			yield* wanted(store, query)
				.flatMap(instance => linesOf(instance, from + 1, until))
				.sort(byTime)
				.slice(-mostLines);
		}
	};
}

function wanted(store: StoreReader, {instanceIds, serviceId}: LogQuery): readonly Instance[] {
	const named = instanceIds.flatMap(id => store.get('instance', id) ?? []);
	if (serviceId === undefined) {
		return named;
	}

	const known = new Set(instanceIds);
	return [...named, ...[...store.instancesOfService(serviceId)].filter(({id}) => !known.has(id))];
}

/** What an instance wrote from one moment to another, both included. */
function linesOf(instance: Instance, from: Instant, to: Instant): LogLine[] {
	const {status} = instance;
	const {startedAt, finishedAt, state} = status;
	if (startedAt === undefined) {
		return [];
	}

	const first = firstLines(instance);
	const last = lastLines(instance);
	const end = isFinal(state) ? (finishedAt ?? status.at) : to;
	const said = [
		...first.map((text, index) => ({...text, at: startedAt + index * firstGapMs})),
		...ordinary(instance, startedAt + first.length * firstGapMs, Math.max(from, startedAt), Math.min(to, end)),
		...last.map((text, index) => ({...text, at: end - last.length + index})),
	];
	return said
		.filter(({at}) => at >= from && at <= to)
		.map(line => ({...line, instanceId: instance.id, instanceName: instance.name}));
}

/** The nth line comes after n times its gap, more or less. */
function ordinary(instance: Instance, begunAt: Instant, from: Instant, to: Instant) {
	const gapMs = 1000 / trades[tradeOf(instance.image ?? '')].linesPerSecond;
	const newest = Math.floor((to - begunAt) / gapMs);
	const oldest = Math.max(0, Math.floor((from - begunAt) / gapMs) - 1, newest - keptLines);
	const lines = [];
	for (let number = oldest; number <= newest; number++) {
		const at = Math.round(begunAt + (number + chanceOf(instance.id, number)) * gapMs);
		if (at >= from && at <= to) {
			lines.push({...ordinaryLine(instance, number), at});
		}
	}

	return lines;
}

function byTime(a: LogLine, b: LogLine): number {
	return a.at - b.at;
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		const end = () => {
			cancel();
			signal.removeEventListener('abort', end);
			resolve();
		};
		const cancel = clock.after(followMs, end);
		signal.addEventListener('abort', end);
		if (signal.aborted) {
			end();
		}
	});
}
