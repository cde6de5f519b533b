import path from 'node:path';
import type {LogLine} from '../../../core/backend.ts';
import {LogStream, type StreamStart} from './log-stream.ts';
import {mergeByTime} from './merge.ts';

/** An instance whose logs are read. */
export type LogSource = {
	readonly instanceId: string;
	readonly instanceName: string;
	/** The instance's folder; it may not be there yet. */
	readonly folder: string;
	/** Whether its processes have ended: then nothing more will come. */
	readonly hasEnded: () => boolean;
};

/** Both logs of one instance. */
export class InstanceLogs {
	readonly source: LogSource;
	readonly #streams: readonly LogStream[];
	readonly #tail: number | undefined;

	constructor(source: LogSource, start: StreamStart) {
		const {instanceId, instanceName, folder} = source;
		this.source = source;
		this.#tail = start.tail;
		this.#streams = (['stdout', 'stderr'] as const).map(
			stream => new LogStream({instanceId, instanceName, stream, file: path.join(folder, `${stream}.log`)}, start),
		);
	}

	/** Nothing is left to read for now. */
	get isAtEnd(): boolean {
		return this.#streams.every(stream => stream.isAtEnd);
	}

	/** What is there already, in the order of time. */
	history(): Iterator<LogLine> {
		const all = mergeByTime(this.#streams.map(linesOf));
		return this.#tail === undefined ? all : lastOf(all, this.#tail);
	}

	/** Some of what came since. */
	read(): LogLine[] {
		return this.#streams.flatMap(stream => stream.read());
	}

	/** Last lines without their ends, when nothing more will come. */
	rest(): LogLine[] {
		return this.#streams.flatMap(stream => stream.rest());
	}
}

function* linesOf(stream: LogStream): Generator<LogLine> {
	for (let lines = stream.read(); lines.length > 0; lines = stream.read()) {
		yield* lines;
	}
}

function* lastOf(lines: Iterable<LogLine>, count: number): Generator<LogLine> {
	let last: LogLine[] = [];
	for (const line of lines) {
		last.push(line);
		if (last.length >= 2 * count) {
			last = last.slice(-count);
		}
	}

	yield* count === 0 ? [] : last.slice(-count);
}
