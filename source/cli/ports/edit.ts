import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../../core/error.ts';
import {runHere} from './programs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Opens a text in the user's editor: $VISUAL, else $EDITOR, else vi; read by a shell, as git does it. The file is the user's
 * alone, and goes afterwards; but what was written with an editor that failed is kept, and named.
 */
export async function editText(text: string, {suffix}: {readonly suffix: string}, env: Env): Promise<string> {
	const {tmpdir} = process.getBuiltinModule('node:os');
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-edit-'));
	const file = path.join(folder, suffix);
	let isKept = false;
	try {
		writeFileSync(file, text, {mode: 0o600, flag: 'wx'});
		const editor = env.VISUAL || env.EDITOR || 'vi';
		const {code, signal} = await runHere({argv: ['sh', '-c', `${editor} "$@"`, editor, file]}, env);
		const edited = readFileSync(file, 'utf8');
		if (code !== 0) {
			isKept = edited !== text;
			throw failed(editor, signal ?? code, isKept ? file : undefined);
		}

		return edited;
	} finally {
		if (!isKept) {
			rmSync(folder, {recursive: true, force: true});
		}
	}
}

function failed(editor: string, how: string | number | undefined, file: string | undefined): ClusterError {
	return new ClusterError('failed', `the editor ${editor} ended with ${how}: nothing was changed`, {
		hint:
			how === 127
				? 'Name one that there is in VISUAL or EDITOR.'
				: file && `What was written with it is kept in ${file}.`,
	});
}
