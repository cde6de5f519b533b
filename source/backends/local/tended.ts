import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import path from 'node:path';
import {ClusterError} from '../../core/error.ts';
import type {Home} from './home.ts';
import {identify} from './system/process-identity.ts';

/** A context that the daemon has tended, as it was asked for. */
export type TendedEntry = {
	/** Of the tender: what it is to do. */
	readonly options: unknown;
	/** What the context is reached with: DOCKER_HOST and its kin, as they were when it was asked for. */
	readonly env: Readonly<Record<string, string>>;
};

export type Tended = Readonly<Record<string, TendedEntry>>;

/** Kept in a file, so that a daemon that starts goes on; it looks at it every two seconds. */
export function readTended(home: Home): Tended {
	try {
		const found = JSON.parse(readFileSync(home.tended, 'utf8')) as {contexts?: Tended};
		return found.contexts ?? {};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
		throw unreadable(home.tended, error as Error);
	}
}

function unreadable(file: string, cause: Error): ClusterError {
	return new ClusterError('failed', `${file} cannot be read: ${cause.message}`, {
		cause,
		hint: 'Mend it, or remove it and ask for each context again: muster daemon tend.',
	});
}

export function writeTended(home: Home, contexts: Tended): void {
	writeWhole(home.tended, {contexts});
}

/** Another text whenever the file is another: two that are written within a tick of the clock have the same time. */
export function tendedStamp(home: Home): string {
	const found = statSync(home.tended, {throwIfNoEntry: false});
	return found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

/** What a tender says of itself, for whoever asks. */
export type TendedState = {readonly pid: number; readonly at: number; readonly state: unknown};

export function readTendedState(home: Home, context: string): TendedState | undefined {
	try {
		return JSON.parse(readFileSync(stateFile(home, context), 'utf8')) as TendedState;
	} catch {
		return undefined;
	}
}

/** The process of this machine that wrote last how it stands, where it is gone and could not take that away: it was killed. */
export function goneTender(home: Home, context: string): number | undefined {
	const pid = readTendedState(home, context)?.pid;
	return pid === undefined || pid === process.pid || identify(pid) ? undefined : pid;
}

/** Under which name a process is in charge of what it tends. */
export function tendHolder(pid: number): string {
	return `${hostname()} ${pid}`;
}

export function writeTendedState(home: Home, context: string, state: TendedState): void {
	mkdirSync(home.tend, {recursive: true, mode: 0o700});
	writeWhole(stateFile(home, context), state);
}

export function removeTendedState(home: Home, context: string): void {
	rmSync(stateFile(home, context), {force: true});
	if (existsSync(home.tend) && readdirSync(home.tend).length === 0) rmSync(home.tend, {recursive: true});
}

export function tendLogName(context: string): string {
	return `tend-${fileName(context)}`;
}

function stateFile(home: Home, context: string): string {
	return path.join(home.tend, `${fileName(context)}.json`);
}

function fileName(context: string): string {
	return context.replace(/[^\w.-]/g, '-').slice(0, 100);
}

function writeWhole(file: string, value: unknown): void {
	const unfinished = `${file}.${process.pid}.tmp`;
	writeFileSync(unfinished, JSON.stringify(value), {mode: 0o600});
	renameSync(unfinished, file);
}
