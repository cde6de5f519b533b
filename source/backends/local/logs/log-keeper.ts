import {type Stats, statSync} from 'node:fs';
import {formatBytes} from '../../../core/text/units.ts';
import {appendRecord, indexPath, readIndex} from './log-index.ts';
import {rotate} from './rotate.ts';

export type LogKeeper = {
	/** From now on keeps this log. */
	add(log: string): void;
	/** It will not grow any more. */
	remove(log: string): void;
};

export type LogKeeperOptions = {
	/** Asked before anything is written: the folder may be somebody else's by now. */
	readonly mayAct: () => boolean;
	readonly report: (message: string) => void;
	readonly maxLogBytes?: number;
};

const lookMs = 250;
/** A log that does not grow is looked at less and less often. */
const maxLookMs = 2000;
/** A record says how things stood then; between two of them lies so much time, or so much text. */
const minRecordMs = 1000;
const minRecordBytes = 4096;
const maxLogBytesByDefault = 10 * 2 ** 20;
const maxIndexBytes = 4 * 2 ** 20;

type Kept = {
	readonly log: string;
	size: number;
	/** What the index covers, and when that was written there. */
	covered: number;
	recordedMs: number;
	nextLookMs: number;
	pauseMs: number;
	isRotating: boolean;
	/** The last look failed: that is reported once. */
	hasFailed: boolean;
	/** Not all of it came to be copied: reported once, too. */
	hasLost: boolean;
};

/** Looks after the logs that instances write: notes when they grow, and rotates them. */
export function createLogKeeper({mayAct, report, maxLogBytes = maxLogBytesByDefault}: LogKeeperOptions): LogKeeper {
	const logs = new Map<string, Kept>();

	function look(kept: Kept, nowMs: number, isLast = false): void {
		const found = statSync(kept.log, {throwIfNoEntry: false});
		if (!found || kept.isRotating) {
			return;
		}

		const hasChanged = found.size !== kept.size;
		kept.pauseMs = hasChanged ? lookMs : Math.min(maxLookMs, kept.pauseMs * 2);
		kept.nextLookMs = nowMs + kept.pauseMs;
		kept.size = found.size;
		if (found.size < kept.covered) {
			kept.covered = 0;
		}

		const isDue = nowMs - kept.recordedMs >= minRecordMs || found.size - kept.covered >= minRecordBytes || isLast;
		if (found.size > kept.covered && isDue) {
			record(kept, found, nowMs);
		}

		if (!isLast && isTooLong(kept)) {
			void move(kept);
		}
	}

	function record(kept: Kept, {size, mtimeMs}: Stats, nowMs: number): void {
		kept.covered = size;
		kept.recordedMs = nowMs;
		appendRecord(kept.log, size, Math.floor(mtimeMs));
	}

	function isTooLong({log, size}: Kept): boolean {
		// An index grows by a record a second at the most, and is long only where the log is not short.
		const mayIndexBeLong = size > maxLogBytes / 100;
		const indexBytes = mayIndexBeLong ? statSync(indexPath(log), {throwIfNoEntry: false})?.size : undefined;
		return size >= maxLogBytes || (indexBytes ?? 0) >= maxIndexBytes;
	}

	async function move(kept: Kept): Promise<void> {
		kept.isRotating = true;
		try {
			const lostBytes = await rotate(kept.log);
			if (lostBytes > 0 && !kept.hasLost) {
				report(`${kept.log} is written faster than it can be kept: ${formatBytes(lostBytes)} are lost`);
			}

			kept.hasLost = lostBytes > 0;
		} catch (error) {
			report(`${kept.log} was emptied without a copy: ${(error as Error).message}`);
		} finally {
			kept.size = 0;
			kept.covered = 0;
			kept.isRotating = false;
		}
	}

	function attempt(kept: Kept, nowMs: number, isLast = false): void {
		try {
			look(kept, nowMs, isLast);
			kept.hasFailed = false;
		} catch (error) {
			// A full disk, most likely: the log itself has the same trouble.
			kept.nextLookMs = nowMs + maxLookMs;
			if (!kept.hasFailed) {
				kept.hasFailed = true;
				report(`${kept.log} cannot be looked after: ${(error as Error).message}`);
			}
		}
	}

	setInterval(() => {
		const nowMs = performance.now();
		if (logs.size > 0 && mayAct()) {
			for (const kept of logs.values()) {
				if (kept.nextLookMs <= nowMs) {
					attempt(kept, nowMs);
				}
			}
		}
	}, lookMs).unref();

	return {
		add(log) {
			const {end} = readIndex(log);
			logs.set(log, {
				log,
				size: -1,
				covered: end,
				recordedMs: Number.NEGATIVE_INFINITY,
				nextLookMs: 0,
				pauseMs: lookMs,
				isRotating: false,
				hasFailed: false,
				hasLost: false,
			});
		},
		remove(log) {
			const kept = logs.get(log);
			logs.delete(log);
			if (kept && mayAct()) {
				attempt(kept, performance.now(), true);
			}
		},
	};
}
