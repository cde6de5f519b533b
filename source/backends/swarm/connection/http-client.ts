import type {Duplex} from 'node:stream';
import type {HttpAnswer} from './http-answer.ts';
import {AnswerReader} from './http-answer.ts';

export type HttpRequest = {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/** JSON. */
	readonly body?: string | undefined;
};

export type HttpOptions = {readonly signal?: AbortSignal | undefined; readonly timeoutMs: number};

export type HttpClient = {
	/** Rejects when the connection breaks, the time is over or the signal aborts. */
	get(path: string, options: HttpOptions): Promise<HttpAnswer>;
	/** The same of what may not be asked twice. */
	send(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer>;
	close(): void;
};

type Line = {
	readonly stream: Duplex;
	/** When an answer came over it last; undefined: none has yet. */
	usedAt: number | undefined;
	take: ((data: Buffer | Error) => void) | undefined;
};

/** One that was used so long ago may be closed by now, without a word so far. */
const surelyOpenMs = 2000;

/**
 * HTTP over connections that are kept between requests. By hand: loading node:http and making its first request is a quarter of
 * what a list costs. `most` connections at a time; more requests wait for one.
 */
export function httpClient(connect: () => Duplex, most: number): HttpClient {
	const lines = new Set<Line>();
	const idle: Line[] = [];
	const waiting: Array<() => void> = [];

	function open(): Line {
		const stream = connect();
		const line: Line = {stream, usedAt: undefined, take: undefined};
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

	/** For what may not be asked twice. */
	async function freeAndOpen(): Promise<Line> {
		const last = idle.at(-1);
		const isOpen = last?.usedAt !== undefined && performance.now() - last.usedAt < surelyOpenMs;
		return isOpen || lines.size >= most ? free() : open();
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

	async function ask(line: Line, request: HttpRequest, {signal, timeoutMs}: HttpOptions): Promise<HttpAnswer> {
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
			line.stream.write(textOf(request));
			const answer = await promise;
			isKept = answer.headers.get('connection')?.toLowerCase() !== 'close';
			return answer;
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
			line.usedAt = performance.now();
			release(line, isKept);
		}
	}

	return {
		async get(path, options) {
			for (;;) {
				options.signal?.throwIfAborted();
				const line = await free();
				const isKept = line.usedAt !== undefined;
				try {
					return await ask(line, {method: 'GET', path}, options);
				} catch (error) {
					// The other side may have closed a kept connection just when it was taken: that is asked again on a new one.
					const isClosed = isKept && ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
					if (!isClosed) throw error;
				}
			}
		},
		async send(request, options) {
			options.signal?.throwIfAborted();
			return ask(await freeAndOpen(), request, options);
		},
		close() {
			for (const {stream} of lines) stream.destroy();
		},
	};
}

function textOf({method, path, headers = {}, body}: HttpRequest): string {
	const all = {
		Host: 'docker',
		...headers,
		...(body !== undefined && {'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body))}),
	};
	const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
	return `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body ?? ''}`;
}
