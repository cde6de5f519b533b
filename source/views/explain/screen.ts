import {equalCommand} from '../../actions/fields/equal-command.ts';
import {actions} from '../../actions/index.ts';
import {type Explained, explainObject} from '../../core/explain/explain.ts';
import type {ExplainedLine} from '../../core/explain/explanation.ts';
import {stripControl} from '../../core/text/text.ts';
import {describeRow, logsRow, yamlRow} from '../describe/rows.ts';
import {lines, type Section, sectionLines} from '../describe/sections.ts';
import type {Target} from '../keymap.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';
import type {Role} from '../theme.ts';
import {troublesOf} from '../troubles/finding.ts';
import {wrapWords} from '../widgets/line.ts';

/** Why one object is as it is, and what helps: the answers of `muster explain` but for the log. */
export const explainScreen: TextScreen = {
	type: 'text',
	id: 'explain',
	aliases: ['why'],
	keymap: [describeRow, yamlRow, logsRow],
	lines: explainLines,
};

/** Of a section’s rows without labels, and a space behind. */
const indentColumns = 6;

const roles: Readonly<Record<NonNullable<ExplainedLine['tone']>, Role>> = {bad: 'bad', good: 'good', remedy: 'busy'};

function explainLines({ui, about, world}: TextContext): TextLines {
	// Read from now on, where it was not yet.
	ui.collections.source('pool');
	const target = ui.find(about);
	if (target === undefined || !isExplained(target)) {
		const name = `${about?.kind ?? ''} ${about?.name ?? ''}`.trim();
		const text =
			target === undefined && about ? `${name} is gone.` : 'Press x on a service, an instance, a node or a pool.';
		return lines([[], [{role: 'warning', text: ` ${text}`}]]);
	}

	const explained = explainObject(worldOf(world), target, troublesOf(ui));
	const sections: Section[] = explained.map(({question, lines: answer}) => ({
		title: question,
		rows: answer.flatMap(line => [...sentence(line, ui.room.columns), ...command(line)]),
	}));
	return lines(sectionLines(sections));
}

/** Its lists are getters: a spread would leave them out. */
function worldOf({now, services, instances, nodes, pools = [], events}: TextContext['world']) {
	return {now, services, instances, nodes, pools, events};
}

/** Whole, however narrow the screen is: the end of a reason is a part of it. */
function sentence({tone, text}: ExplainedLine, columns: number): Section['rows'] {
	const role = tone ? roles[tone] : 'plain';
	const [first, next] = tone === 'remedy' ? ['→ ', '  '] : ['', ''];
	return wrapWords(stripControl(text), Math.max(20, columns - indentColumns - first.length)).map((part, index) => [
		'',
		{role, text: `${index === 0 ? first : next}${part}`},
	]);
}

function command({action}: ExplainedLine): ReadonlyArray<Section['rows'][number]> {
	const known = action && actions.get(action.id);
	return known === undefined
		? []
		: [['', {role: 'dim', text: `  ${equalCommand(known, action?.target.name, action?.input ?? {})}`}]];
}

function isExplained(target: Target): target is Explained {
	return ['service', 'instance', 'node', 'pool'].includes(target.kind);
}
