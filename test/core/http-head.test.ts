import {expect, test} from 'vitest';
import {isChunked, parseHead} from '../../source/core/http-head.ts';

test('names are in lower case, what they hold is as it was sent', () => {
	const {status, headers} = parseHead('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nWARNING:  199 - "Old API" ');
	expect([status, ...headers]).toEqual([429, ['retry-after', '3'], ['warning', '199 - "Old API"']]);
});

test('chunks are known however they are written', () => {
	expect(isChunked(parseHead('HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked'))).toBe(true);
	expect(isChunked(parseHead('HTTP/1.1 200 OK\r\nContent-Length: 3'))).toBe(false);
});

test('what is none is refused', () => {
	expect(() => parseHead('SSH-2.0-OpenSSH')).toThrow('does not speak HTTP');
});
