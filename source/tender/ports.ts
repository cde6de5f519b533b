import type {Backend} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import type {TendedContext} from '../core/tend/tended.ts';
import type {TendOptions} from './options.ts';

export type Outcome = {readonly code: number; readonly output: string; readonly errors: string};

/** The world around a tender. */
export type TenderPorts = {
	readonly backend: Backend;
	readonly clock: Clock;
	readonly options: TendOptions;
	/** Of this process: others have another one. */
	readonly holder: string;
	/** Of the process whose place this one took, where that is gone for certain: what it held is this one's to take or give up. */
	readonly holderBefore?: string | undefined;
	/** By the shell; what takes longer is ended. */
	run(command: string, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<Outcome>;
	/** The text that an URL answers with. */
	fetch(url: string, timeoutMs: number): Promise<string>;
	log(message: string): void;
};

/** Of itself: what `muster daemon tend` and the dashboard show. */
export type TenderState = NonNullable<TendedContext['state']>;
