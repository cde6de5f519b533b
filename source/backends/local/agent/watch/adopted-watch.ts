import {isRunning, type ProcessIdentity} from '../../system/process-identity.ts';

/** Tells when processes end that are not this one's children. */
export type AdoptedWatch = {
	watch(identity: ProcessIdentity, ended: () => void): void;
};

const minPollMs = 150;
const maxPollMs = 1000;
/** A look at one takes some 0.02 ms; many are looked at less often, so that it stays a small part of a core. */
const pollMsEach = 2;

export function createAdoptedWatch(): AdoptedWatch {
	const watched = new Map<ProcessIdentity, () => void>();
	let isScheduled = false;

	function schedule(): void {
		if (!isScheduled && watched.size > 0) {
			isScheduled = true;
			setTimeout(look, Math.min(maxPollMs, Math.max(minPollMs, watched.size * pollMsEach)));
		}
	}

	function look(): void {
		isScheduled = false;
		for (const [identity, ended] of watched) {
			if (!isRunning(identity)) {
				watched.delete(identity);
				ended();
			}
		}

		schedule();
	}

	return {
		watch(identity, ended) {
			watched.set(identity, ended);
			schedule();
		},
	};
}
