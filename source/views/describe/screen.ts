import type {Resource} from '../../core/model/index.ts';
import {editRow} from '../edit/edit.ts';
import type {Target} from '../keymap.ts';
import {ResourceTexts} from '../resources/texts.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';
import type {RowContext} from '../widgets/columns.ts';
import type {Span} from '../widgets/line.ts';
import {detailsOf} from './details.ts';
import {DrawnTable} from './drawn-table.ts';
import {instanceSections} from './instance.ts';
import {nodeResources, nodeSections} from './node.ts';
import {poolSections} from './pool.ts';
import {logsRow, yamlRow} from './rows.ts';
import {lines, type Section, sectionLines} from './sections.ts';
import {serviceSections} from './service.ts';
import {storedSections} from './stored.ts';

/** All about one object, and what has happened to it. */
export function createDescribeScreen(): TextScreen {
	const table = new DrawnTable();
	const beyond = new ResourceTexts(async (resources, ref) => resources.describe(ref));
	return {
		type: 'text',
		id: 'describe',
		aliases: [],
		keymap: [yamlRow, logsRow, editRow],
		lines: context => describeLines(context, table, beyond),
	};
}

function describeLines(context: TextContext, table: DrawnTable, beyond: ResourceTexts): TextLines {
	const {ui, about} = context;
	const target = ui.find(about);
	if (target === undefined) {
		const text = ` ${about?.kind ?? 'It'} ${about?.name ?? ''} is gone. Press esc to go back.`;
		return lines([[{role: 'warning', text}]]);
	}

	if (target.kind === 'resource') {
		return lines(beyond.linesOf(ui, target, {type: target.type, name: target.name, scope: target.scope}));
	}

	const text = sectionLines([...sectionsOf(target, context), ...detailsOf(ui, target), eventsAbout(target, context)]);
	if (target.kind !== 'node') {
		return lines(text);
	}

	const drawn = table.linesOf(ui, nodeResources(target)).map((line): readonly Span[] => ['   ', line]);
	return lines(drawn.length === 0 ? text : [[], ...drawn, ...text]);
}

function sectionsOf(target: Exclude<Target, Resource>, context: RowContext): readonly Section[] {
	switch (target.kind) {
		case 'service':
			return serviceSections(target, context);
		case 'instance':
			return instanceSections(target, context);
		case 'node':
			return nodeSections(target, context);
		case 'image':
			return [
				{
					title: `Image ${target.name}`,
					rows: [
						['origin', target.origin],
						['folder', target.path],
						['command', target.command.join(' ')],
						['port', target.port === undefined ? undefined : String(target.port)],
						['description', target.description],
					],
				},
			];
		case 'network':
		case 'volume':
		case 'config':
		case 'secret':
			return storedSections(target, context.world);
		case 'pool':
			return poolSections(target, context);
		case 'event':
			return [{title: target.name, rows: [['message', target.message]]}];
	}
}

const eventCount = 20;

function eventsAbout({id}: Target, {world, ages}: RowContext): Section {
	const events = world.events
		.filter(({about}) => about.id === id)
		.toSorted((a, b) => b.createdAt - a.createdAt)
		.slice(0, eventCount);
	return {
		title: 'Events',
		rows: events.map(({createdAt, name, message, tone}) => [
			`${ages.of(createdAt)} ago`,
			{role: tone === 'warning' ? 'warning' : 'plain', text: `${name}  ${message}`},
		]),
	};
}
