import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {readEnvironment} from '../../source/backends/local/system/process-identity.ts';
import type {Config, Service} from '../../source/core/model/index.ts';
import {aService} from '../helpers/objects.ts';
import type {Command} from './actions.ts';
import {KeptFiles} from './kept.ts';
import type {FoundProcess} from './processes.ts';

/** What is said of an instance that reads `first`, and whose service has this version of two, after these commands. */
function saidOf(version: number | undefined, ...commands: ReadonlyArray<(kept: KeptFiles) => void>): readonly string[] {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	writeFileSync(path.join(folder, 'conf'), 'first');
	const child = spawn('/bin/sleep', ['60'], {env: {MUSTER_CONFIGS: folder}, stdio: 'ignore'});
	onTestFinished(() => {
		child.kill('SIGKILL');
		rmSync(folder, {recursive: true});
	});
	// spawn answers a moment before the kernel shows what was given.
	while (readEnvironment(child.pid as number)?.MUSTER_CONFIGS === undefined);
	const kept = new KeptFiles();
	for (const command of commands) command(kept);
	const {spec, ...web} = aService('web');
	const template = {...spec.template, configs: [{source: 'conf', ...(version !== undefined && {version})}]};
	const process = {pid: child.pid, role: 'instance', instance: {id: 'i', name: 'web.1', service: 'web'}};
	return kept.problems([process as unknown as FoundProcess], {
		services: [{...web, spec: {...spec, template}} as Service],
		files: [{kind: 'config', name: 'conf', version: 2} as Config],
	});
}

const writes = (text: string): Command => ({type: 'command', args: [], content: {kind: 'config', name: 'conf', text}});

/** Asked in this order, and answered in the other. */
function atOnce(one: string, other: string) {
	return (kept: KeptFiles) => {
		const flights = [one, other].map(text => ({text, flight: kept.asked(writes(text))}));
		for (const {text, flight} of flights.reverse()) kept.answered(writes(text), {code: 0, text: ''}, flight);
	};
}

const second = (kept: KeptFiles) => kept.answered(writes('second'), {code: 0, text: ''}, kept.asked(writes('second')));
const misread = 'web.1 reads "first" as config conf, not second';

test('who follows a config reads what was acknowledged last', () => {
	expect(saidOf(2, second)).toEqual([misread]);
	expect(saidOf(undefined, second)).toEqual([misread]);
	expect(saidOf(2, atOnce('first', 'third'), second)).toEqual([misread]);
});

test('of two that are under way at once nobody knows which was done last', () => {
	expect(saidOf(2, atOnce('first', 'second'))).toEqual([]);
	expect(saidOf(2, atOnce('second', 'first'))).toEqual([]);
	expect(saidOf(2, atOnce('second', 'third'))).toEqual(['web.1 reads "first" as config conf, not second or third']);
});

test('who went back to a version of before keeps what was read then', () => {
	expect(saidOf(1, second)).toEqual([]);
});
