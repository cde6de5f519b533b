import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';

export type Piece = {readonly stream: 'stdout' | 'stderr'; readonly data: Buffer};

const headLength = 8;

/** What comes of a container without a terminal: frames of a stream's number, a length and so many bytes. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Piece, void> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of source) {
		rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
		let at = 0;
		while (rest.length - at >= headLength) {
			const length = rest.readUInt32BE(at + 4);
			const end = at + headLength + length;
			if (rest.length < end) break;
			const type = rest[at];
			const data = rest.subarray(at + headLength, end);
			if (type === 3) throw new ClusterError('unreachable', `the engine said: ${stripControl(data.toString()).trim()}`);
			yield {stream: type === 2 ? 'stderr' : 'stdout', data};
			at = end;
		}

		rest = rest.subarray(at);
	}
}

/** What comes of one with a terminal is one stream. */
export async function* readPlain(source: AsyncIterable<Buffer>): AsyncGenerator<Piece, void> {
	for await (const data of source) yield {stream: 'stdout', data};
}

export type Line = {readonly stream: 'stdout' | 'stderr'; readonly text: string};

const maxLineLength = 1_048_576;

/** Without their line breaks; one that never ends is given in parts. */
export async function* readLines(pieces: AsyncIterable<Piece>): AsyncGenerator<Line, void> {
	const decoders = {stdout: new TextDecoder(), stderr: new TextDecoder()};
	const rests = {stdout: '', stderr: ''};
	for await (const {stream, data} of pieces) {
		const lines = (rests[stream] + decoders[stream].decode(data, {stream: true})).split('\n');
		const rest = lines.pop() ?? '';
		for (const text of lines) yield {stream, text: text.endsWith('\r') ? text.slice(0, -1) : text};
		rests[stream] = rest.length > maxLineLength ? '' : rest;
		if (rest.length > maxLineLength) yield {stream, text: rest};
	}

	for (const stream of ['stdout', 'stderr'] as const) {
		if (rests[stream] !== '') yield {stream, text: rests[stream]};
	}
}
