import type {LogLine, LogQuery} from '../../../core/backend.ts';
import type {DockerClient} from '../docker.ts';
import type {Source} from '../reading/source.ts';
import {toInstant} from '../translate/translate-service.ts';
import {notReached} from '../translate-error.ts';
import {type Line, readFrames, readLines, readPlain} from './frames.ts';

/** A service's logs merged by the manager from all nodes, or those of single tasks. */
export async function* readLogs(
	docker: DockerClient,
	source: Source,
	query: LogQuery,
	signal: AbortSignal,
	opened: () => void,
): AsyncGenerator<LogLine, void> {
	const ending = new AbortController();
	const end = () => ending.abort();
	signal.addEventListener('abort', end);
	try {
		if (source.raw.tasks.length === 0) await source.list('instance', {signal});
		const paths =
			query.serviceId === undefined
				? query.instanceIds.map(id => ({path: `/tasks/${id}/logs`, isTerminal: isTerminalOf(source, id)}))
				: [{path: `/services/${query.serviceId}/logs`, isTerminal: isTerminalOfService(source, query.serviceId)}];
		const streams = paths.map(one => readOne(docker, source, {...one, query, opened}, ending.signal));
		yield* query.follow ? raceAll(streams) : inTurn(streams);
	} finally {
		signal.removeEventListener('abort', end);
		end();
	}
}

type One = {readonly path: string; readonly isTerminal: boolean; readonly query: LogQuery; opened(): void};

async function* readOne(
	docker: DockerClient,
	source: Source,
	{path, isTerminal, query, opened}: One,
	signal: AbortSignal,
): AsyncGenerator<LogLine, void> {
	const {follow, sinceAt, tail} = query;
	const stream = await docker.stream(
		path,
		{
			stdout: 1,
			stderr: 1,
			timestamps: 1,
			details: 1,
			follow: follow ? 1 : 0,
			...(sinceAt !== undefined && {since: (sinceAt / 1000).toFixed(3)}),
			tail: tail ?? 'all',
		},
		signal,
	);
	opened();
	const abort = () => stream.destroy();
	signal.addEventListener('abort', abort);
	try {
		const pieces = isTerminal ? readPlain(stream) : readFrames(stream);
		for await (const line of readLines(pieces)) {
			const read = readLine(line);
			if (read === undefined) continue;
			yield {...read, instanceName: await nameOf(source, read.instanceId, signal)};
		}
	} catch (error) {
		if (!signal.aborted) throw notReached(docker.where, error);
	} finally {
		signal.removeEventListener('abort', abort);
		stream.destroy();
	}
}

const taskKey = /(?:^|,)com\.docker\.swarm\.task\.id=([^,\s]+)/;

/** `2026-01-02T03:04:05.6Z com.docker.swarm.node.id=…,com.docker.swarm.task.id=… text`: the details come before the text. */
export function readLine({stream, text}: Line): Omit<LogLine, 'instanceName'> | undefined {
	const [, time, details = '', rest = ''] = /^(\S+) (\S*) ?(.*)$/s.exec(text) ?? [];
	const [, instanceId] = taskKey.exec(details) ?? [];
	if (time === undefined || instanceId === undefined) return undefined;
	return {at: toInstant(time), instanceId, stream, text: rest};
}

async function nameOf(source: Source, id: string, signal: AbortSignal): Promise<string> {
	const known = source.store.get('instance', id);
	if (known !== undefined) return known.name;
	// A task that came since the last look.
	await source.list('instance', {signal});
	return source.store.get('instance', id)?.name ?? id;
}

function isTerminalOf({raw}: Source, id: string): boolean {
	return raw.tasks.find(({ID}) => ID === id)?.Spec.ContainerSpec?.TTY ?? false;
}

function isTerminalOfService({raw}: Source, id: string): boolean {
	return raw.services.find(({ID}) => ID === id)?.Spec.TaskTemplate.ContainerSpec?.TTY ?? false;
}

async function* inTurn(streams: ReadonlyArray<AsyncIterable<LogLine>>): AsyncGenerator<LogLine, void> {
	const all: LogLine[] = [];
	for (const stream of streams) for await (const line of stream) all.push(line);
	yield* all.toSorted((a, b) => a.at - b.at);
}

/** Whatever comes first. */
async function* raceAll(streams: ReadonlyArray<AsyncGenerator<LogLine, void>>): AsyncGenerator<LogLine, void> {
	const next = (stream: AsyncGenerator<LogLine, void>) => stream.next().then(result => ({stream, result}));
	const pending = new Map(streams.map(stream => [stream, next(stream)]));
	while (pending.size > 0) {
		const {stream, result} = await Promise.race(pending.values());
		if (result.done === true) {
			pending.delete(stream);
		} else {
			pending.set(stream, next(stream));
			yield result.value;
		}
	}
}
