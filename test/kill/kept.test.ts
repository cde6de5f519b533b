import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {Config, Service} from '../../source/core/model/index.ts';
import {aService} from '../helpers/objects.ts';
import {KeptFiles} from './kept.ts';
import type {FoundProcess} from './processes.ts';

/** What is said of an instance that reads `first` when the second content was acknowledged, and its service has this version of two. */
function saidOf(version: number | undefined): readonly string[] {
	const folder = mkdtempSync(path.join(tmpdir(), 'mt-'));
	writeFileSync(path.join(folder, 'conf'), 'first');
	const child = spawn('/bin/sleep', ['60'], {env: {MUSTER_CONFIGS: folder}, stdio: 'ignore'});
	onTestFinished(() => {
		child.kill('SIGKILL');
		rmSync(folder, {recursive: true});
	});
	const kept = new KeptFiles();
	const content = {kind: 'config', name: 'conf', text: 'second'} as const;
	kept.answered({args: [], content} as never, {code: 0, text: ''});
	const {spec, ...web} = aService('web');
	const template = {...spec.template, configs: [{source: 'conf', ...(version !== undefined && {version})}]};
	const process = {pid: child.pid, role: 'instance', instance: {id: 'i', name: 'web.1', service: 'web'}};
	return kept.problems([process as unknown as FoundProcess], {
		services: [{...web, spec: {...spec, template}} as Service],
		files: [{kind: 'config', name: 'conf', version: 2} as Config],
	});
}

const misread = 'web.1 reads "first" as config conf, not second';

test('who follows a config reads what was acknowledged last', () => {
	expect(saidOf(2)).toEqual([misread]);
	expect(saidOf(undefined)).toEqual([misread]);
});

test('who went back to a version of before keeps what was read then', () => {
	expect(saidOf(1)).toEqual([]);
});
