import {expect, test} from 'vitest';
import {
	encodeFrame,
	frameDecoder,
	maxFrameBytes,
	type SessionFrame,
} from '../../../source/backends/local/session-frames.ts';

const bytes = (text: string) => Buffer.from(text);
const conversation: SessionFrame[] = [
	{type: 'resize', columns: 132, rows: 43},
	{type: 'stdin', data: bytes('ls\n')},
	{type: 'end'},
	{type: 'stdout', data: bytes('a\u0000ü\n')},
	{type: 'stderr', data: bytes('')},
	{type: 'exit', code: 137},
	{type: 'exit', code: -1},
];

test.each([1, 2, 3, 5, 7, 1000])('frames arrive whole in pieces of %i bytes', size => {
	const sent = Buffer.concat(conversation.map(frame => encodeFrame(frame)));
	const decode = frameDecoder();
	const received: SessionFrame[] = [];
	for (let start = 0; start < sent.length; start += size) {
		received.push(...decode(sent.subarray(start, start + size)));
	}

	expect(received).toEqual(conversation);
});

test('larger data comes as several frames', () => {
	const data = Buffer.alloc(2 * maxFrameBytes + 1, 'x');
	const frames = frameDecoder()(encodeFrame({type: 'stdin', data}));
	expect(frames.map(frame => frame.type === 'stdin' && frame.data.length)).toEqual([maxFrameBytes, maxFrameBytes, 1]);
});

test('a size that no terminal has becomes one', () => {
	const frames = frameDecoder()(encodeFrame({type: 'resize', columns: Number.NaN, rows: 1e9}));
	expect(frames).toEqual([{type: 'resize', columns: 1, rows: 65_535}]);
});

test.each([
	['an unknown type', [9, 0, 0, 0, 0], 'a session frame of unknown type 9'],
	['a length beyond the limit', [0, 255, 0, 0, 0], `a session frame of 4278190080 bytes, allowed are ${maxFrameBytes}`],
	['a wrong length', [4, 0, 0, 0, 1, 0], 'a session frame exit of 1 bytes, expected 4'],
])('%s is a fault', (_, input, message) => {
	expect(() => frameDecoder()(Uint8Array.from(input))).toThrow(message);
});
