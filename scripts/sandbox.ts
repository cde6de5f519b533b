// `npm run sandbox`: the names of all journeys. `-- NAME`: plays those whose name contains it, to watch, in this terminal;
// afterwards the keys are yours, until the dashboard is left. `--slow MS`: the pause before each step.
import {rmSync} from 'node:fs';
import path from 'node:path';
import {allJourneys} from '../test/journeys/files.ts';
import type {Journey} from '../test/journeys/journey.ts';
import {bundleDashboard, play} from '../test/journeys/player.ts';
import type {PtyProgram} from '../test/terminal/pty.ts';
import {countOf, readFlags} from './flags.ts';

const {values, positionals} = readFlags({
	allowPositionals: true,
	options: {slow: {type: 'string', default: '700'}, 'no-sandbox': {type: 'boolean', default: false}},
});
const slowMs = countOf('slow', values.slow);
const print = (text: string) => process.stdout.write(text);

function list(journeys: readonly Journey[]): void {
	for (const {file, name} of journeys) {
		print(`${file}: ${name}\n`);
	}
}

/** The last line of this terminal says what is done next. */
function caption(text: string): void {
	const {rows = 24, columns = 80} = process.stdout;
	print(`\x1b7\x1b[${rows};1H\x1b[7m${text.slice(0, columns).padEnd(columns)}\x1b[0m\x1b8`);
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Whoever watches has the keys until the program ends. */
async function handOver(pty: PtyProgram): Promise<void> {
	if (!process.stdin.isTTY || values['no-sandbox']) {
		return;
	}

	caption(' the keys are yours: q or ctrl-c leaves ');
	process.stdin.setRawMode(true);
	const typed = (data: Buffer) => pty.type(data.toString());
	process.stdin.on('data', typed);
	await pty.exited;
	process.stdin.off('data', typed);
	process.stdin.setRawMode(false);
	process.stdin.pause();
}

/** A terminal lower by the line of the caption. */
const {columns = 80, rows = 25} = process.stdout;
const size = {columns, rows: rows - 1};

async function watch(journey: Journey, program: string): Promise<boolean> {
	const before = async ({verb, rest}: Journey['steps'][number]) => {
		caption(` ${journey.name} · ${verb} ${rest}`);
		await pause(slowMs);
	};
	try {
		await play(journey, {program, before, output: print, size}, handOver);
		print('\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[?2004l\x1b[?1000l\x1b[?1006l');
		print(`✓ ${journey.name}\n`);
		return true;
	} catch (error) {
		print('\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[?2004l\x1b[?1000l\x1b[?1006l');
		print(`✗ ${journey.name}\n${error instanceof Error ? error.message : error}\n`);
		return false;
	}
}

const wanted = positionals.join(' ');
const found = allJourneys().filter(({name, file}) => name.includes(wanted) || file === wanted);
if (wanted === '' || found.length === 0) {
	list(allJourneys());
	process.exitCode = wanted === '' ? 0 : 3;
} else {
	const program = await bundleDashboard();
	for (const journey of found) {
		process.exitCode = (await watch(journey, program)) ? process.exitCode : 1;
	}

	rmSync(path.dirname(program), {recursive: true, force: true});
}
