/** The head of an answer: names of headers in lower case, what they hold as it was sent. */
export type HttpHead = {readonly status: number; readonly headers: ReadonlyMap<string, string>};

/** What ends a head. */
export const headEnd = '\r\n\r\n';

/** Reads a head without its end. Throws where it is none. */
export function parseHead(text: string): HttpHead {
	const [first = '', ...lines] = text.split('\r\n');
	const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(first) ?? [];
	if (status === undefined) throw new Error('what answers does not speak HTTP');
	const headers = lines.map((line): [string, string] => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
	});
	return {status: Number(status), headers: new Map(headers)};
}

/** Whether the body comes in chunks. */
export function isChunked({headers}: HttpHead): boolean {
	return headers.get('transfer-encoding')?.toLowerCase() === 'chunked';
}
