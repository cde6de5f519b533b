import path from 'node:path';
import {readEnvFile} from '../../../../source/actions/compose/files/interpolate.ts';
import {type Loaded, loadFiles} from '../../../../source/actions/compose/files/load.ts';
import type {Variables} from '../../../../source/actions/compose/files/source-files.ts';
import {parseCompose} from '../../../../source/commands/output/read-yaml.ts';

/** Compose files as texts, by their paths below /shop: `compose.yaml`, then what `files` names. */
export async function loadTexts(
	texts: Readonly<Record<string, string>>,
	files: readonly string[] = ['compose.yaml'],
	env: Variables = {},
): Promise<Loaded> {
	const there = new Map(Object.entries(texts).map(([name, text]) => [path.resolve('/shop', name), text]));
	return loadFiles(
		{files: files.map(file => path.resolve('/shop', file)), folder: '/shop', env},
		{
			nameOf: file => path.relative('/shop', file),
			async document(file) {
				const text = there.get(file);
				if (text === undefined) throw new Error(`there is no ${path.relative('/shop', file)}`);
				return parseCompose(text)[0];
			},
			async variables(file) {
				const text = there.get(file);
				return text === undefined ? undefined : readEnvFile(text);
			},
			resolve: (folder, file) => path.resolve(folder, file),
			folderOf: file => path.dirname(file),
		},
	);
}
