import type {Duplex} from 'node:stream';
import {AnswerReader} from './http-answer.ts';

export type HttpAnswer = {
	readonly status: number;
	/** By their names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	readonly body: string;
};

export type HttpGetter = {
	/** Rejects when the connection breaks, the time is over or the signal aborts. */
	get(
		path: string,
		options: {readonly signal?: AbortSignal | undefined; readonly timeoutMs: number},
	): Promise<HttpAnswer>;
	close(): void;
};

type Line = {readonly stream: Duplex; isUsed: boolean; take: ((data: Buffer | Error) => void) | undefined};

/**
 * GET over connections that are kept between requests. By hand: loading node:http and making its first request is a quarter of
 * what a list costs. `most` connections at a time; more requests wait for one.
 */
export function httpGetter(connect: () => Duplex, most: number): HttpGetter {
	const lines = new Set<Line>();
	const idle: Line[] = [];
	const waiting: Array<() => void> = [];

	function open(): Line {
		const stream = connect();
		const line: Line = {stream, isUsed: false, take: undefined};
		lines.add(line);
		const over = (error?: Error) => {
			lines.delete(line);
			if (idle.includes(line)) idle.splice(idle.indexOf(line), 1);
			line.take?.(error ?? Object.assign(new Error('the connection was closed'), {code: 'ECONNRESET'}));
			waiting.shift()?.();
		};
		stream.on('data', (data: Buffer) => (line.take === undefined ? stream.destroy() : line.take(data)));
		stream.on('error', over);
		stream.on('end', () => stream.destroy());
		stream.on('close', () => over());
		return line;
	}

	async function free(): Promise<Line> {
		while (idle.length === 0 && lines.size >= most) await new Promise<void>(resolve => waiting.push(resolve));
		return idle.pop() ?? open();
	}

	function release(line: Line, isKept: boolean): void {
		line.take = undefined;
		if (!isKept) {
			lines.delete(line);
			line.stream.destroy();
		} else if (lines.has(line)) {
			idle.push(line);
		}

		waiting.shift()?.();
	}

	async function ask(
		line: Line,
		path: string,
		signal: AbortSignal | undefined,
		timeoutMs: number,
	): Promise<HttpAnswer> {
		const {promise, resolve, reject} = Promise.withResolvers<HttpAnswer>();
		const reader = new AnswerReader();
		line.take = data => {
			if (data instanceof Error) {
				reject(data);
				return;
			}

			try {
				const answer = reader.read(data);
				if (answer !== undefined) resolve(answer);
			} catch (error) {
				reject(error as Error);
			}
		};
		const timer = setTimeout(
			() => reject(Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), {code: 'ETIMEDOUT'})),
			timeoutMs,
		);
		const abort = () => reject(signal?.reason as Error);
		signal?.addEventListener('abort', abort);
		let isKept = false;
		try {
			// It may have waited for the connection.
			signal?.throwIfAborted();
			line.stream.write(`GET ${path} HTTP/1.1\r\nHost: docker\r\n\r\n`);
			const answer = await promise;
			isKept = answer.headers.get('connection') !== 'close';
			return answer;
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
			line.isUsed = true;
			release(line, isKept);
		}
	}

	return {
		async get(path, {signal, timeoutMs}) {
			for (;;) {
				signal?.throwIfAborted();
				const line = await free();
				const {isUsed} = line;
				try {
					return await ask(line, path, signal, timeoutMs);
				} catch (error) {
					// The other side may have closed a kept connection just when it was taken: that is asked again on a new one.
					const isClosed = isUsed && ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
					if (!isClosed) throw error;
				}
			}
		},
		close() {
			for (const {stream} of lines) stream.destroy();
		},
	};
}
