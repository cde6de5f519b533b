import type {Clock} from '../../core/clock.ts';
import type {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {formatAge} from '../../core/text/units.ts';
import type {Host} from '../host.ts';
import type {FollowPatience} from './follow.ts';

/** A stream that is opened anew at once is no outage. */
const outageMs = 2000;

/** What a list that is watched does while its connection is broken: it stays, and says so. */
export type Outage = Required<FollowPatience> & {
	/** Something was read: from now on every outage is waited through. */
	begun(): void;
	/** For the top of a terminal's screen, where it is seen whatever its height; '' while all is well. */
	stale(): string;
};

/** On a terminal's screen the age is drawn; what goes into a pipe is told once beside it, on standard error, and when it goes on. */
export function createOutage(
	host: Pick<Host, 'stderr'> & Pick<Clock, 'monotonicMs'>,
	{isDrawn}: {readonly isDrawn: boolean},
): Outage {
	let hasBegun = false;
	let lost: {readonly sinceMs: number; readonly why: string} | undefined;
	let isTold = false;
	const tell = (text: string) => host.stderr.write(`${text}\n`);
	return {
		begun() {
			hasBegun = true;
		},
		patient: () => hasBegun,
		broken(error: ClusterError | undefined) {
			if (!hasBegun) return;
			if (error === undefined) {
				if (isTold) tell('It goes on.');
				isTold = false;
				lost = undefined;
				return;
			}

			const nowMs = host.monotonicMs();
			lost = {sinceMs: lost?.sinceMs ?? nowMs, why: stripControl(error.message)};
			if (!isDrawn && !isTold && nowMs - lost.sinceMs >= outageMs) {
				isTold = true;
				tell(`The watch waits: ${lost.why}. It goes on by itself; what changes meanwhile is told then.`);
			}
		},
		stale() {
			return isDrawn && lost ? `As it was ${formatAge(host.monotonicMs() - lost.sinceMs)} ago: ${lost.why}\n` : '';
		},
	};
}
