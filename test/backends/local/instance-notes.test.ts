import {closeSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readExit} from '../../../source/backends/local/agent/shim.ts';
import {homeOf, instancePaths} from '../../../source/backends/local/home.ts';
import {
	exitFile,
	openExitFile,
	type ProcessNote,
	readExitText,
	readNotes,
	type StatusNote,
	writeAssignment,
	writeNotes,
} from '../../../source/backends/local/instance-notes.ts';
import {anAssignment, plainTemplate} from '../../helpers/assignment.ts';

let root: string;
let file: string;

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'muster-notes-'));
	file = path.join(root, 'notes');
});

afterEach(() => rmSync(root, {recursive: true}));

const assignment = anAssignment({instanceName: 'größe.1'});
const shim: ProcessNote = {
	pid: 7,
	startTime: 8,
	bootId: 'b',
	startedAt: 9,
	starts: 1,
	endpoints: [{target: 80, host: '127.0.0.1', port: 4000}],
	inCgroup: false,
	samplesMemory: false,
};

function statusNote(reason: string): StatusNote {
	return {status: {state: 'stopped', at: 10, reason, health: 'none', endpoints: []}};
}

/** The shim's own: from the beginning of the file on. */
function report(text: string) {
	const descriptor = openExitFile(file);
	writeSync(descriptor, text);
	closeSync(descriptor);
}

test('what was noted last is read; a shorter note leaves no rest of a longer one', () => {
	writeAssignment(file, assignment);
	expect(readNotes(file)).toEqual({assignment});
	writeNotes(file, assignment, shim);
	expect(readNotes(file)).toEqual({assignment, process: shim});
	writeNotes(file, assignment, shim, statusNote('a long reason'.repeat(100)));
	writeNotes(file, assignment, shim, statusNote('short'));
	expect(readNotes(file)).toEqual({assignment, process: shim, status: statusNote('short')});
	expect(
		readFileSync(file, 'utf8')
			.split('\n')
			.slice(-4)
			.map(line => line.length > 0),
	).toEqual([true, true, true, false]);
});

test('the shim writes beside what the agent notes, and neither over the other', () => {
	writeAssignment(file, assignment);
	expect(readExit(file)).toBeUndefined();
	const descriptor = openExitFile(file);
	writeNotes(file, assignment, shim, statusNote('on request'));
	writeSync(descriptor, 'Killed\n');
	writeSync(descriptor, 'exit 137\n');
	closeSync(descriptor);
	expect(readExit(file)).toEqual({type: 'signalled', code: 137, signal: 'SIGKILL'});
	expect(readNotes(file)).toEqual({assignment, process: shim, status: statusNote('on request')});
});

test('the next start is not told of the end of the one before', () => {
	writeAssignment(file, assignment);
	report('exit 3\n');
	expect(readExit(file)).toEqual({type: 'exited', code: 3});
	closeSync(openExitFile(file));
	expect(readExit(file)).toBeUndefined();
	expect(readNotes(file)).toEqual({assignment});
});

test('of what a killed writer left, the lines that are whole count', () => {
	writeAssignment(file, assignment);
	writeNotes(file, assignment, shim, statusNote('on request'));
	const whole = readFileSync(file);
	for (const [missing, expected] of [
		[10, {assignment, process: shim}],
		[whole.length - 600, {}],
		[whole.length, {}],
	] as const) {
		writeFileSync(file, whole.subarray(0, whole.length - missing));
		expect(readNotes(file)).toEqual(expected);
	}
});

test('nothing is known of what is not there', () => {
	expect(readNotes(file)).toEqual({});
	expect(readExitText(file)).toBe('');
	expect(existsSync(file)).toBe(false);
});

test('what runs as another user has no file open that its agent believes', () => {
	const paths = instancePaths(homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root}), 'n1', 'i1');
	expect(exitFile(paths, {template: plainTemplate})).toBe(paths.notes);
	expect(exitFile(paths, {template: {...plainTemplate, user: 'nobody'}})).toBe(paths.exit);
});
