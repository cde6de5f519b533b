import type {Clock} from '../../core/clock.ts';
import type {Random} from '../../core/model/id.ts';
import type {InstanceReport} from '../fleet.ts';
import type {SimulatedProcess} from './process.ts';

/** What all parts of a simulated machine share. */
export type World = {
	readonly clock: Clock;
	readonly random: Random;
	/** True: runs that begin from now on neither fail nor fall ill by chance. */
	isCalm: boolean;
	/** The next free port of the machine. */
	nextPort: number;
	readonly observer: WorldObserver;
};

/** Told of what really happens, as it happens; nothing of it goes through the orchestrator. */
export type WorldObserver = {
	/** A line for people; the text is made only when somebody listens. */
	note?(text: () => string): void;
	processStarted?(process: SimulatedProcess): void;
	/** The daemon is about to hear this from an agent. */
	reported?(report: InstanceReport): void;
};
