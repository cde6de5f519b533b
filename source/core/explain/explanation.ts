import type {Pool} from '../model/index.ts';
import type {RemedyAction, TroubleWorld} from '../troubles/trouble.ts';

/** What explanations are found in. */
export type ExplainWorld = TroubleWorld & {readonly pools?: readonly Pool[]};

export type ExplainedLine = {
	readonly text: string;
	/** `bad`: a cause of trouble; `remedy`: what could be done about it. */
	readonly tone?: 'bad' | 'good' | 'remedy';
	/** What does it. */
	readonly action?: RemedyAction;
};

/** A question, and its answer in sentences. */
export type Explanation = {readonly question: string; readonly lines: readonly ExplainedLine[]};
