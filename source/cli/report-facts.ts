import {closeSync, fstatSync, openSync, readdirSync, readSync} from 'node:fs';
import {availableParallelism, hostname, release, totalmem} from 'node:os';
import path from 'node:path';
import type {Home} from '../backends/local/home.ts';
import type {ReportFacts} from '../core/report/report.ts';

const lastLines = 40;
/** Of each log, from its end. */
const readBytes = 32_768;
const mostLogs = 20;

/** What a report says of this machine and of muster's own logs. */
export function reportFacts(home: Home, muster: string, user: string): ReportFacts {
	const {HOME = ''} = process.env;
	const host = hostname();
	return {
		muster,
		node: process.version,
		platform: `${process.platform} ${process.arch} ${release()}`,
		cpus: availableParallelism(),
		memoryBytes: totalmem(),
		privates: [
			...[home.root, home.state, home.config, home.run].map(text => ({text, shown: '<home>', anywhere: true})),
			...(HOME.length > 1 ? [{text: HOME, shown: '~', anywhere: true}] : []),
			...[host, host.split('.')[0] ?? ''].map(text => ({text, shown: '<host>'})),
			{text: user, shown: '<user>'},
		],
		logs: logsOf(home.logs),
	};
}

function logsOf(folder: string): ReportFacts['logs'] {
	try {
		const names = readdirSync(folder).filter(name => name.endsWith('.log'));
		return names
			.toSorted()
			.slice(0, mostLogs)
			.map(name => ({name, lines: linesOf(path.join(folder, name))}));
	} catch {
		return [];
	}
}

function linesOf(file: string): string[] {
	try {
		const opened = openSync(file, 'r');
		try {
			const {size} = fstatSync(opened);
			const buffer = Buffer.alloc(Math.min(size, readBytes));
			const length = readSync(opened, buffer, 0, buffer.length, size - buffer.length);
			const lines = buffer.toString('utf8', 0, length).split('\n');
			// The first one may be the end of one.
			return (size > readBytes ? lines.slice(1) : lines).filter(line => line !== '').slice(-lastLines);
		} finally {
			closeSync(opened);
		}
	} catch {
		return [];
	}
}
