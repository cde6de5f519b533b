import type {ResourceRef} from '../../core/resource/facet.ts';
import {describeRow, logsRow} from '../describe/rows.ts';
import {lines} from '../describe/sections.ts';
import {editRow} from '../edit/edit.ts';
import type {Target} from '../keymap.ts';
import {ResourceTexts} from '../resources/texts.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import {withTimes} from './with-times.ts';

type Stringify = (value: unknown) => string;

/** By what the engine itself finds it, where it has kinds of its own. */
function refOf({executor}: Ui, target: Target): ResourceRef | undefined {
	if (target.kind !== 'resource') return executor.backend.facets.resources?.refOf?.(target);
	const {type, name, scope} = target;
	return {type, name, scope};
}

function isSecret(ui: Ui, target: Target): boolean {
	return refOf(ui, target)?.type === 'secrets';
}

/** An object as the engine keeps it. */
export function createYamlScreen(): TextScreen {
	// Loaded on use: the first frame of the dashboard does not wait for it.
	let stringify: Stringify | undefined;
	const textsOf = (reveals: false | 'text') =>
		new ResourceTexts(async (resources, ref) => {
			const [{stringify: write}, object] = await Promise.all([import('yaml'), resources.read(ref, {reveals})]);
			return write(object, {aliasDuplicateObjects: false}).trimEnd().split('\n');
		});
	const [plain, decoded] = [textsOf(false), textsOf('text')];
	let decodes = false;
	let written: {readonly target: Target; readonly text: TextLines} | undefined;

	function textOf({ui, about}: TextContext): TextLines {
		const target = ui.find(about);
		if (target === undefined || stringify === undefined) {
			const text = target === undefined ? ` ${about?.name ?? 'It'} is gone. Press esc to go back.` : ' …';
			return lines([[{role: 'dim', text}]]);
		}

		const ref = refOf(ui, target);
		if (ref !== undefined) return lines((decodes ? decoded : plain).linesOf(ui, target, ref));

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
		keymap: [
			{
				keys: ['x'],
				hint: 'decode',
				help: 'Show what a secret holds as text, or only how much it is',
				quiet: true,
				needsTarget: true,
				unavailable: (ui, target) =>
					target !== undefined && isSecret(ui, target) ? undefined : 'Only a secret of the engine is decoded.',
				press(ui) {
					decodes = !decodes;
					ui.refresh();
				},
			},
			describeRow,
			logsRow,
			editRow,
		],
		lines: textOf,
		open(ui) {
			decodes = false;
			void import('yaml').then(yaml => {
				stringify = value => yaml.stringify(value, withTimes, {aliasDuplicateObjects: false});
				ui.refresh();
			});
		},
	};
}
