// `npm run generate` writes what is printed from tables; with --check it only says what is stale, and ends with 1 then.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {configSchema} from '../source/cli/config/control.ts';
import {keysMarkdown} from '../source/views/keymaps/keys-markdown.ts';
import {commandsMarkdown} from './generate/commands-markdown.ts';
import {configMarkdown} from './generate/config-markdown.ts';
import {manPage} from './generate/man-page.ts';
import {optionsMarkdown} from './generate/options-markdown.ts';
import {schemas} from './generate/schemas.ts';
import {statesMarkdown} from './generate/states-markdown.ts';

const root = path.dirname(import.meta.dirname);
const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {version: string};

const files: Readonly<Record<string, string>> = {
	'docs/commands.md': await commandsMarkdown(),
	'docs/config.md': configMarkdown(),
	'docs/keys.md': keysMarkdown(),
	'docs/options.md': optionsMarkdown(),
	'docs/states.md': statesMarkdown(),
	'docs/muster.1': await manPage(version),
	'docs/schema/config-file.json': `${JSON.stringify(configSchema(), undefined, '\t')}\n`,
	...Object.fromEntries(
		Object.entries(schemas).map(([name, schema]) => [
			`docs/schema/${name}.json`,
			`${JSON.stringify(schema, undefined, '\t')}\n`,
		]),
	),
};

const stale = Object.entries(files).filter(([file, text]) => read(file) !== text);
if (process.argv.includes('--check')) {
	for (const [file] of stale) {
		process.stdout.write(`${file} is stale: npm run generate\n`);
	}

	process.exitCode = stale.length > 0 ? 1 : 0;
} else {
	for (const [file, text] of stale) {
		mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
		writeFileSync(path.join(root, file), text);
		process.stdout.write(`${file}\n`);
	}
}

function read(file: string): string | undefined {
	try {
		return readFileSync(path.join(root, file), 'utf8');
	} catch {
		return undefined;
	}
}
