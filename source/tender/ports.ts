import type {Backend} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import type {TendOptions} from './options.ts';

export type Outcome = {readonly code: number; readonly output: string; readonly errors: string};

/** The world around a tender. */
export type TenderPorts = {
	readonly backend: Backend;
	readonly clock: Clock;
	readonly options: TendOptions;
	/** Of this process: others have another one. */
	readonly holder: string;
	/** By the shell; what takes longer is ended. */
	run(command: string, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<Outcome>;
	/** The text that an URL answers with. */
	fetch(url: string, timeoutMs: number): Promise<string>;
	log(message: string): void;
};

export type TenderState = {
	/** `me`, `nobody`, or who else. */
	readonly owner: string;
	/** Why it cannot do what it is for; absent: it can. */
	readonly error?: string;
	/** The last decision about each service with a policy, by name. */
	readonly autoscale: Readonly<Record<string, {readonly replicas: number; readonly reason: string}>>;
	readonly spread?: string;
	readonly hosts?: {readonly brought: readonly string[]; readonly reason: string};
};
