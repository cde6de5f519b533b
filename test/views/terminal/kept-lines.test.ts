import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {keepingLines, type Output} from '../../../source/views/terminal/kept-lines.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

type OutputClass = Parameters<typeof keepingLines>[0];

const folder = path.dirname(fileURLToPath(import.meta.resolve('ink')));
const {default: Original} = (await import(path.join(folder, 'output.js'))) as {default: OutputClass};

const pieces = [
	'web.1',
	'x',
	'2/3 running',
	'  ',
	'  ',
	'▸ ',
	'日本',
	'👩‍👩‍👧',
	'e\u{301}',
	'\u{200B}',
	'\u{1B}[31m',
	'\u{1B}[39m',
	'\u{1B}[1;48;5;237m',
	'\u{1B}[2m',
	'\u{1B}[22m',
	'\u{1B}[44m',
	'\u{1B}[m',
	'\u{1B}[0m',
	'\u{1B}]8;;http://a\u{7}',
];

type Frame = {readonly width: number; readonly height: number; readonly draw: (output: Output) => void};

function randomFrames(seed: number): readonly Frame[] {
	const random = seededRandom(seed);
	const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
	const line = () => Array.from({length: Math.floor(random() * 8)}, () => pick(pieces)).join('');
	const few = Array.from({length: 6}, line);
	return Array.from({length: 12}, () => {
		const [width, height] = [pick([10, 10, 10, 40]), pick([1, 4, 4])];
		const isOdd = random() < 0.3;
		const writes = Array.from({length: height + Number(isOdd)}, (_, y) => ({
			x: isOdd ? Math.floor(random() * 4) : 0,
			y: isOdd ? Math.floor(random() * height) : y,
			text: pick([pick(few), line()]),
			transformers: pick([[], [], [(text: string) => text], isOdd ? [(text: string) => `<${text}>`] : []]),
		}));
		return {
			width,
			height,
			draw(output) {
				for (const {x, y, text, transformers} of writes) output.write(x, y, text, {transformers});
			},
		};
	});
}

test.each(Array.from({length: 200}, (_, seed) => seed))('draws what Ink draws, seed %i', seed => {
	const Keeping = keepingLines(Original);
	for (const {width, height, draw} of randomFrames(seed)) {
		const outputs = [new Original({width, height}), new Keeping({width, height})];
		for (const output of outputs) draw(output);
		const [expected, found] = outputs.map(output => output.get());
		expect(found).toEqual(expected);
	}
});

test('a line that was in the frame before is not drawn again', () => {
	let drawn = 0;
	class Counted extends Original {
		override get() {
			drawn++;
			return super.get();
		}
	}
	const Keeping = keepingLines(Counted);
	const frame = (...lines: readonly string[]) => {
		const output = new Keeping({width: 20, height: lines.length});
		for (const [y, text] of lines.entries()) output.write(0, y, text, {transformers: []});
		return output.get().output;
	};
	const red = (text: string) => `\u{1B}[31m${text}\u{1B}[39m`;
	expect(frame('日本', '韓国', '中国')).toBe('日本\n韓国\n中国');
	expect(drawn).toBe(3);
	expect(frame('韓国', '中国', '台湾')).toBe('韓国\n中国\n台湾');
	expect(drawn).toBe(4);
	// Of lines with the same styles one is drawn.
	expect(frame(`one ${red('two')}`, `three ${red('x ')}`, `four ${red('5')}`)).toBe(
		`one ${red('two')}\nthree ${red('x ')}\nfour ${red('5')}`,
	);
	expect(drawn).toBe(5);
});
