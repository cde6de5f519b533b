import {quote} from '../../actions/fields/shell.ts';
import {copyInAction, copyOut, whyNoFiles} from '../../actions/instance/copy-files.ts';
import {toClusterError} from '../../core/error.ts';
import type {Instance} from '../../core/model/index.ts';
import {formatBytes} from '../../core/text/units.ts';
import {openPrompt} from '../errands/asking.ts';
import {errorText} from '../errands/running.ts';
import {openForm} from '../form/submit.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';

/** The key under which files are copied: into an instance, or out of it. */
export const transferRow: KeymapRow = {
	keys: ['t'],
	hint: 'copy files',
	help: 'Copy files: then `i` into it, `o` out of it',
	quiet: true,
	needsTarget: true,
	refused: ui => whyNotCopied(ui, undefined),
	unavailable: (ui, target) => whyNotCopied(ui, target),
	press(ui, target) {
		if (target?.kind === 'instance') {
			openChoice(ui, target);
		}
	},
};

function whyNotCopied(ui: Ui, target: Target | undefined): string | undefined {
	const {executor, ports} = ui;
	if (target?.kind === 'instance' && target.status.state !== 'running') {
		return `${target.name} does not run: it is ${target.status.state}.`;
	}

	return ports.files === undefined
		? 'This dashboard cannot copy files.'
		: (whyNoFiles(executor.backend) ?? ui.forbidden('instance.cp', target));
}

function openChoice(ui: Ui, instance: Instance): void {
	const rows: readonly KeymapRow[] = [
		{
			keys: ['i'],
			hint: 'into it',
			help: 'Copy a file or folder of this machine into it',
			press: it => copyInto(it, instance),
		},
		{keys: ['o'], hint: 'out of it', help: 'Copy a file or folder out of it', press: it => askSource(it, instance)},
	];
	ui.update({overlay: {type: 'chord', title: `Copy files of ${instance.name}:`, keymap: rows}});
}

function copyInto(ui: Ui, instance: Instance): void {
	const {files} = ui.ports;
	if (files !== undefined) {
		openForm(ui, copyInAction(files) as never, instance);
	}
}

function askSource(ui: Ui, instance: Instance): void {
	const {files} = ui.ports;
	openPrompt(ui, {
		label: `Copy from ${instance.name}: `,
		text: '',
		hint: text => {
			const [path, to = '.'] = wordsOf(text);
			return path === undefined
				? 'a path in it, and where to (the folder that muster was started in)'
				: `muster cp ${[`${instance.name}:${path}`, to].map(quote).join(' ')} → ${files?.resolve(to)}`;
		},
		submit(text) {
			const [path, to = '.', more] = wordsOf(text);
			if (path === undefined || more !== undefined) {
				return path === undefined;
			}

			void copyFrom(ui, instance, path, to);
			return true;
		},
	});
}

function wordsOf(text: string): string[] {
	return text.split(/\s+/).filter(word => word !== '');
}

async function copyFrom(ui: Ui, {id, name, scope}: Instance, path: string, to: string): Promise<void> {
	const {backend} = ui.executor;
	const here = ui.ports.files;
	const there = backend.facets.files;
	if (here === undefined || there === undefined) {
		return;
	}

	const instance = {kind: 'instance', id, name, ...(scope === undefined ? {} : {scope})} as const;
	ui.say('busy', `Copying ${name}:${path} …`);
	try {
		const {files, bytes, skipped} = await copyOut(there, here, {instance, path}, to);
		const left = skipped.length === 0 ? '' : ` · ${skipped.length} left out: ${skipped[0]}`;
		ui.say(
			left === '' ? 'good' : 'warning',
			`✓ ${files} ${files === 1 ? 'file' : 'files'} (${formatBytes(bytes)}) copied to ${here.resolve(to)}${left}`,
		);
	} catch (error) {
		ui.say('bad', errorText(toClusterError(error)));
	}
}
