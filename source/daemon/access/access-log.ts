import {appendFileSync, chmodSync, renameSync, statSync} from 'node:fs';
import type {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import type {ApiRequest} from '../api/server.ts';
import {commandOf} from './command-of.ts';

/** Beyond this the file is put aside, in the place of the one before it. */
const maxBytes = 8 * 2 ** 20;
/** Whoever may only look can fill the log with refusals: no faster than this. */
const maxRefusalsPerMinute = 600;

export type AccessRecord = {
	/** Name, role and address. */
	readonly who: string;
	readonly route: string;
	readonly asked: ApiRequest;
	readonly failed: ClusterError | undefined;
};

export type AccessLog = {record(record: AccessRecord): void};

/** What came by TCP and changes something, or was refused: a line each, as the journal has them, and read with it by `muster audit`. */
export function createAccessLog(file: string, now: () => number, log: (message: string) => void): AccessLog {
	let minute = 0;
	let refusals = 0;
	let count = 0;
	return {
		record({who, route, asked, failed}) {
			const at = now();
			if (Math.floor(at / 60_000) !== minute) {
				minute = Math.floor(at / 60_000);
				refusals = 0;
			}

			if (failed && ++refusals > maxRefusalsPerMinute) {
				return;
			}

			const result = failed ? {ok: false, code: failed.code, message: failed.message} : {ok: true};
			const line = {
				id: `tcp-${at.toString(36)}${(count++ % 1296).toString(36).padStart(2, '0')}`,
				at,
				who: stripControl(who),
				context: 'local',
				command: stripControl(commandOf(route, asked)),
				action: `api ${route}`,
				steps: [],
				result,
			};
			append(file, `${JSON.stringify(line)}\n`, log);
		},
	};
}

function append(file: string, line: string, log: (message: string) => void): void {
	try {
		if ((statSync(file, {throwIfNoEntry: false})?.size ?? 0) > maxBytes) {
			renameSync(file, `${file}.1`);
		}

		appendFileSync(file, line, {mode: 0o600});
		chmodSync(file, 0o600);
	} catch (error) {
		log(`${file} cannot be written: ${(error as Error).message}`);
	}
}
