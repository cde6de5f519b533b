import {describeRow, logsRow} from '../describe/beside.ts';
import {lines} from '../describe/sections.ts';
import {editRow} from '../edit/edit.ts';
import type {Target} from '../keymap.ts';
import {ResourceTexts} from '../resources/texts.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';

type Stringify = (value: unknown) => string;

/** An object as the engine keeps it. */
export function createYamlScreen(): TextScreen {
	// Loaded on use: the first frame of the dashboard does not wait for it.
	let stringify: Stringify | undefined;
	const beyond = new ResourceTexts(async (resources, {type, name, scope}) => {
		const [{stringify: write}, object] = await Promise.all([
			import('yaml'),
			resources.read({type, name, scope}, {reveals: false}),
		]);
		return write(object, {aliasDuplicateObjects: false}).trimEnd().split('\n');
	});
	let written: {readonly target: Target; readonly text: TextLines} | undefined;

	function textOf({ui, about}: TextContext): TextLines {
		const target = ui.find(about);
		if (target === undefined || stringify === undefined) {
			const text = target === undefined ? ` ${about?.name ?? 'It'} is gone. Press esc to go back.` : ' …';
			return lines([[{role: 'dim', text}]]);
		}

		if (target.kind === 'resource') {
			return lines(beyond.linesOf(ui, target));
		}

		if (written?.target !== target) {
			const found = stringify(target).trimEnd().split('\n');
			written = {target, text: lines(found.map(line => [' ', line]))};
		}

		return written.text;
	}

	return {
		type: 'text',
		id: 'yaml',
		aliases: [],
		keymap: [describeRow, logsRow, editRow],
		lines: textOf,
		open(ui) {
			void import('yaml').then(yaml => {
				stringify = value => yaml.stringify(value, {aliasDuplicateObjects: false});
				ui.refresh();
			});
		},
	};
}
