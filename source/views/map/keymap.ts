import {type Direction, nextCell, nextTile, nextUnwell} from '../../core/map/navigate.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import {namespaceRows} from '../navigation/namespaces.ts';
import {goInto} from '../navigation/navigation.ts';
import type {Ui} from '../ui.ts';
import {cellIndex, mapOf, moveTo, toggleFigure} from './layout.ts';

export const mapKeymap: readonly KeymapRow[] = [
	{keys: ['enter'], hint: 'go in', help: 'Show the instance; of several, those of their node', press: goIn},
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about the instance or node'},
	{
		keys: ['l'],
		hint: 'logs',
		help: 'Follow the logs of the instance',
		unavailable: (_, target) => (target?.kind === 'instance' ? undefined : 'A cell with one instance has logs.'),
		press: (ui, target) => onTarget(target, about => goInto(ui, 'logs', about)),
	},
	{keys: ['m'], hint: 'cpu/memory', help: 'Heights tell of CPU, or of memory', press: toggleFigure},
	{
		keys: ['n', 'N'],
		hint: 'next fault',
		help: 'Go to the next cell that something is wrong in, or to the one before',
		press: (ui, _, key) => toUnwell(ui, key === 'n' ? 1 : -1),
	},
	{keys: ['tab'], hint: 'next node', help: 'Go to the next node', press: ui => toTile(ui, 1)},
	{keys: ['shift-tab'], hint: 'node before', help: 'Go to the node before', quiet: true, press: ui => toTile(ui, -1)},
	{keys: ['left', 'h'], hint: 'left', help: 'Move left', quiet: true, press: ui => go(ui, 'left')},
	{keys: ['right'], hint: 'right', help: 'Move right', quiet: true, press: ui => go(ui, 'right')},
	{keys: ['up', 'k'], hint: 'up', help: 'Move up', quiet: true, press: ui => go(ui, 'up')},
	{keys: ['down', 'j'], hint: 'down', help: 'Move down', quiet: true, press: ui => go(ui, 'down')},
	{keys: ['g', 'home'], hint: 'first', help: 'Go to the first cell', quiet: true, press: ui => moveTo(ui, 0)},
	{
		keys: ['G', 'end'],
		hint: 'last',
		help: 'Go to the last cell',
		quiet: true,
		press: ui => moveTo(ui, mapOf(ui).cells.length - 1),
	},
	...namespaceRows,
];

function go(ui: Ui, direction: Direction): void {
	moveTo(ui, nextCell(mapOf(ui), cellIndex(ui), direction));
}

function toTile(ui: Ui, by: 1 | -1): void {
	moveTo(ui, nextTile(mapOf(ui), cellIndex(ui), by));
}

function toUnwell(ui: Ui, by: 1 | -1): void {
	const index = nextUnwell(mapOf(ui), cellIndex(ui), by);
	if (index === undefined) {
		ui.say('good', 'Nothing is wrong on the map.');
	} else {
		moveTo(ui, index);
	}
}

function goIn(ui: Ui, target: Target | undefined): void {
	onTarget(target, about => goInto(ui, about.kind === 'node' ? 'instances' : 'describe', about));
}

function onTarget(target: Target | undefined, use: (about: Pick<Target, 'kind' | 'id' | 'name'>) => void): void {
	if (target !== undefined) {
		const {kind, id, name} = target;
		use({kind, id, name});
	}
}
