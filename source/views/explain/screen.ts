import {equalCommand} from '../../actions/fields/equal-command.ts';
import {actions} from '../../actions/index.ts';
import {type Explained, type ExplainedLine, explainObject} from '../../core/explain/explain.ts';
import {describeRow, logsRow, yamlRow} from '../describe/beside.ts';
import {lines, type Section, sectionLines} from '../describe/sections.ts';
import type {Target} from '../keymap.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';
import type {Role} from '../theme.ts';
import {troublesOf} from '../troubles/finding.ts';

/** Why one object is as it is, and what helps: the answers of `muster explain` but for the log. */
export const explainScreen: TextScreen = {
	type: 'text',
	id: 'explain',
	aliases: ['why'],
	keymap: [describeRow, yamlRow, logsRow],
	lines: explainLines,
};

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
		rows: answer.flatMap(line => [
			['', {role: line.tone ? roles[line.tone] : 'plain', text: markOf(line)}],
			...command(line),
		]),
	}));
	return lines(sectionLines(sections));
}

/** Its lists are getters: a spread would leave them out. */
function worldOf({now, services, instances, nodes, pools = [], events}: TextContext['world']) {
	return {now, services, instances, nodes, pools, events};
}

function markOf({tone, text}: ExplainedLine): string {
	return tone === 'remedy' ? `→ ${text}` : text;
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
