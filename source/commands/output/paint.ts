import type {Tone} from '../../core/instance-state.ts';
import type {Host} from '../host.ts';

/** Colours; on what is no terminal, or where they are not wanted, none. */
export type Paint = {
	tone(tone: Tone | undefined, text: string): string;
	/** One of a few that can be told apart, always the same for an index. */
	nth(index: number, text: string): string;
};

const toneCodes: Readonly<Record<Tone, string>> = {waiting: '33', busy: '36', good: '32', done: '2', bad: '31'};
const nthCodes = ['36', '33', '32', '35', '34', '96', '93', '92', '95', '94'];

const inColour: Paint = {
	tone: (tone, text) => (tone === undefined ? text : `\x1b[${toneCodes[tone]}m${text}\x1b[0m`),
	nth: (index, text) => `\x1b[${nthCodes[index % nthCodes.length]}m${text}\x1b[0m`,
};

const plain: Paint = {tone: (_, text) => text, nth: (_, text) => text};

export function paintFor({stdout, env}: Pick<Host, 'stdout' | 'env'>, noColor: boolean | undefined): Paint {
	return stdout.isTTY && !noColor && !env.NO_COLOR && env.TERM !== 'dumb' ? inColour : plain;
}
