import {displayWidth, fitName, fitWidth, stripControl} from '../../core/text/text.ts';
import {clickLine, cursorIndex, drawnFrom, topFor} from '../cursor.ts';
import {instanceNote, instanceRole, stateWord} from '../instances/columns.ts';
import {unreadText} from '../live/waiting.ts';
import {nodeNote, nodeRole} from '../nodes/columns.ts';
import type {PictureScreen} from '../screen.ts';
import {serviceNote, serviceRole} from '../services/columns.ts';
import type {Size} from '../state.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import {type Span, safe, spanText} from '../widgets/line.ts';
import {keysOf, rowsOf} from './folds.ts';
import {selectedRow, treeKeymap} from './keymap.ts';
import type {TreeRow} from './rows.ts';

/** What belongs to what: each service with what it uses, its instances, and where those are. */
export const treeScreen: PictureScreen = {
	type: 'picture',
	id: 'tree',
	aliases: ['xray', 'xrays'],
	keymap: treeKeymap,
	draw,
	target: ui => selectedRow(ui)?.object,
	status(ui) {
		const {filter, faultsOnly} = ui.place;
		const keys = keysOf(ui);
		const at = keys.length === 0 ? '' : `${cursorIndex(ui, keys) + 1}/${keys.length}`;
		return [filter && `/${filter}`, faultsOnly && 'faults only', at].filter(Boolean).join(' · ');
	},
	click: (ui, {row}) => clickLine(ui, row, keysOf(ui)),
};

function draw(ui: Ui, {columns, rows}: Size): ReadonlyArray<readonly Span[]> {
	const all = rowsOf(ui);
	if (all.length === 0) {
		return [[], [{role: 'dim', text: ` ${emptyText(ui)}`}]];
	}

	const index = cursorIndex(ui, keysOf(ui));
	const top = topFor(index, all.length, rows);
	drawnFrom(ui, {line: 0, top, count: rows});
	const nameColumns = Math.min(48, Math.floor(columns / 2));
	return all.slice(top, top + rows).map((row, line) => {
		const spans = rowSpans(ui, row, nameColumns).map(safe);
		return top + line === index
			? [{role: 'selected', text: fitWidth(`▸${spans.map(spanText).join('')}`, columns)}]
			: [' ', ...spans];
	});
}

function emptyText(ui: Ui): string {
	const {place, world} = ui;
	if (world.services.length > 0) {
		return place.faultsOnly && place.filter === ''
			? 'Nothing is wrong here. Press ctrl-z to see all.'
			: 'Nothing matches. Press esc to see all.';
	}

	return unreadText(ui, ['service']) ?? 'No service yet.';
}

const signs: Readonly<Partial<Record<Role, string>>> = {good: '●', busy: '◌', waiting: '?', bad: '✗', done: '·'};

/** `- ● web        98/100 …`, below it `● web.1 running …`: a sign for the health, the name, and what is to be said of it. */
function rowSpans(ui: Ui, row: TreeRow, nameColumns: number): readonly Span[] {
	const {depth, kind, name, isOpen} = row;
	const role = roleOf(row);
	const fold = isOpen === undefined ? ' ' : isOpen ? '-' : '+';
	const indent = '   '.repeat(depth);
	const word = kind === 'service' || kind === 'instance' ? '' : `${kind} `;
	const room = nameColumns - displayWidth(indent) - 4;
	return [
		`${indent}${fold} `,
		{role, text: `${signs[role] ?? ' '} `},
		{role: 'dim', text: word},
		fitName(stripControl(name), Math.max(1, room - word.length)),
		' ',
		...said(ui, row, role),
	];
}

function roleOf({object, isMissing}: TreeRow): Role {
	switch (object?.kind) {
		case 'service':
			return serviceRole(object);
		case 'instance':
			return instanceRole(object);
		case 'node':
			return nodeRole(object);
		default:
			return isMissing ? 'bad' : 'plain';
	}
}

function said({context}: Ui, {object, isMissing}: TreeRow, role: Role): readonly Span[] {
	switch (object?.kind) {
		case 'service': {
			const {healthy, desired, completed} = object.status;
			const note = serviceNote(object, context);
			const text = object.spec.mode === 'job' ? `${completed}/${desired} completed` : `${healthy}/${desired} healthy`;
			return [{role, text}, ...(note === undefined ? [] : ['  ', note])];
		}

		case 'instance': {
			const note = instanceNote(object, context);
			const where = object.nodeName === undefined ? '' : ` on ${object.nodeName}`;
			return [{role, text: stateWord(object)}, {role: 'dim', text: where}, ...(note === undefined ? [] : ['  ', note])];
		}

		case 'node': {
			const note = nodeNote(object, context);
			return [{role, text: object.status.state}, ...(note === undefined ? [] : ['  ', note])];
		}

		default:
			return isMissing ? [{role: 'bad', text: 'is not there'}] : [];
	}
}
