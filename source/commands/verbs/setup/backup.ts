import path from 'node:path';
import {toggle} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatBytes} from '../../../core/text/units.ts';
import {findOne} from '../../arguments/resolve.ts';
import type {Backups, PackedFiles} from '../../host.ts';
import {toTime} from '../../output/shape.ts';
import {confirm} from '../../running/confirm.ts';
import {refuseReadOnly} from '../../running/read-only.ts';
import {type Call, defineVerb} from '../../verb.ts';

/** Only of the engine whose files are on this machine. */
async function backupsOf({host, context}: Pick<Call, 'host' | 'context'>): Promise<Backups> {
	const name = await context();
	if (name !== 'local' || host.backups === undefined) {
		throw new ClusterError('unsupported', `backups are made of the local engine, on its own machine, not of ${name}`);
	}

	return host.backups;
}

function say({host}: Pick<Call, 'host'>, sentence: string): number {
	host.stderr.write(`${stripControl(sentence)}\n`);
	return 0;
}

/** Whole or not there at all, which only a file can be. */
function fileAt({cwd}: Call['host'], word = ''): string {
	if (word === '-') {
		throw new ClusterError('usage', 'FILE: must be the path of a file, found "-", which is none');
	}

	return path.resolve(cwd, word);
}

function sayPacked(call: Pick<Call, 'host'>, file: string, {files, bytes, torn}: PackedFiles): number {
	call.host.stdout.write(`${stripControl(file)}\n`);
	for (const name of torn.slice(0, 20)) {
		say(call, `${name} became shorter while it was read: what was missing is filled with zeros.`);
	}

	return say(call, `${files} ${files === 1 ? 'file' : 'files'}, ${formatBytes(bytes)}.`);
}

export const backup = defineVerb({
	operands: [{name: 'FILE'}],
	fields: {volumes: toggle('Also what volumes hold')},
	details:
		'Services, nodes, networks, configs, secrets, history, images, access and settings as a tar, as they are at one moment, while all\ngoes on. It holds the key of the secrets too: keep it as one. `muster restore` brings it back.',
	examples: ['muster backup /backups/muster-monday.tar', 'muster backup --volumes all.tar'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const file = fileAt(host, operands[0]);
		const backups = await backupsOf(call as Call);
		if (shared.dryRun) {
			return say(call, `The state${flags.volumes ? ' and the volumes' : ''} would be written to ${file}.`);
		}

		return sayPacked(call, file, await backups.backup({file, volumes: flags.volumes ?? false}));
	},
});

export const restore = defineVerb({
	operands: [{name: 'FILE'}],
	fields: {},
	details:
		'Only where nothing of this home runs (`muster daemon stop --all`). A state that is there is put aside whole, not removed. The next\ncommand starts what was declared.',
	async run(call) {
		const {host, shared, operands} = call;
		const file = fileAt(host, operands[0]);
		refuseReadOnly(call);
		const backups = await backupsOf(call as Call);
		const {version, createdAt, hasVolumes, replaces} = await backups.planRestore(file);
		const what = `the state of ${toTime(createdAt)} (muster ${version}), ${hasVolumes ? 'with' : 'without'} volumes`;
		if (shared.dryRun) {
			return say(call, `What would be restored is ${what}${replaces ? ', and the present one put aside' : ''}.`);
		}

		if (replaces && !shared.yes) {
			await confirm(host, [`Put the present state aside, and restore ${what}?`]);
		}

		const {services, aside} = await backups.restore(file);
		say(call, `Restored ${what}: ${services} services.`);
		return aside === undefined ? 0 : say(call, `What was there before lies in ${aside}.`);
	},
});

async function volumeFolder(
	call: Call,
	word: string,
): Promise<{readonly folder: string; readonly usedBy: readonly string[]}> {
	const backend = await call.backend();
	const {items} = await backend.list({kind: 'volume'});
	const {name, path: folder, usedBy} = findOne('volume', items, word, {exact: true});
	if (folder === undefined) {
		throw new ClusterError('conflict', `${name} has no folder on this machine`);
	}

	return {folder, usedBy};
}

export const volumeBackup = defineVerb({
	operands: [{name: 'VOLUME', completes: 'volume'}, {name: 'FILE'}],
	fields: {},
	details:
		'What it holds as a tar, in shared/ and slots/N/, files as they are while they are read. For a moment that fits together, let its\nservices write nothing meanwhile: `muster scale SERVICE=0`.',
	examples: ['muster volume backup data data.tar'],
	async run(call) {
		const {host, shared, operands} = call;
		const [word = '', target] = operands;
		const file = fileAt(host, target);
		const backups = await backupsOf(call as Call);
		const {folder} = await volumeFolder(call as Call, word);
		return shared.dryRun
			? say(call, `${folder} would be written to ${file}.`)
			: sayPacked(call, file, await backups.backupVolume(folder, file));
	},
});

export const volumeRestore = defineVerb({
	operands: [{name: 'VOLUME', completes: 'volume'}, {name: 'FILE'}],
	fields: {},
	details: 'Puts what FILE holds in the place of what the volume holds; asks where that is something, or is in use.',
	async run(call) {
		const {host, shared, operands} = call;
		const [word = '', source] = operands;
		const file = fileAt(host, source);
		refuseReadOnly(call);
		const backups = await backupsOf(call as Call);
		const {folder, usedBy} = await volumeFolder(call as Call, word);
		const isEmpty = await backups.planVolume(folder, file);
		const lost = isEmpty ? '' : ', and what it holds would be gone';
		if (shared.dryRun) {
			return say(call, `${word} would be filled from ${file}${lost}.`);
		}

		if (!(isEmpty && usedBy.length === 0) && !shared.yes) {
			const users = usedBy.length === 0 ? '' : ` It is used by ${usedBy.join(', ')}.`;
			await confirm(host, [`Replace what ${word} holds?${users}`]);
		}

		const count = await backups.restoreVolume(folder, file);
		return say(
			call,
			`${word} holds what ${file} held: ${count === 1 ? '1 file or folder' : `${count} files and folders`}.`,
		);
	},
});
