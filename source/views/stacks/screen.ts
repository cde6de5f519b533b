import {removeStack} from '../../actions/stored/remove-stack.ts';
import {type Stack, stackLabel, stacksIn} from '../../core/stacks.ts';
import {displayWidth, fitWidth, stripControl} from '../../core/text/text.ts';
import {clickLine, cursorIndex, drawnFrom, putCursor, topFor} from '../cursor.ts';
import {ask} from '../errands/asking.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import {goInto} from '../navigation/navigation.ts';
import type {PictureScreen} from '../screen.ts';
import {afterRead} from '../sessions/wait.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import {emptyLines} from '../widgets/empty-lines.ts';
import type {Span} from '../widgets/line.ts';

type Line = readonly Span[];

const keymap: readonly KeymapRow[] = [
	{
		keys: ['enter'],
		hint: 'services',
		help: 'Show its services',
		unavailable: ui => (selected(ui) === undefined ? 'Nothing is selected.' : undefined),
		press: ui => goInto(ui, 'services', undefined, {filter: `-l ${stackLabel}=${selected(ui)?.name ?? ''}`}),
	},
	{
		keys: ['ctrl-d'],
		hint: 'delete',
		help: 'Remove it with all its services, networks, configs and secrets, when confirmed',
		unavailable: ui => (selected(ui) === undefined ? 'Nothing is selected.' : ui.refusal(removeStack, undefined)),
		press: removeSelected,
	},
	...moveRows(moveBy),
];

/** Services that were made together, as `docker stack` marks them. */
export const stacksScreen: PictureScreen = {
	type: 'picture',
	id: 'stacks',
	aliases: ['stack'],
	keymap,
	draw,
	target: () => undefined,
	status(ui) {
		const {length} = stacksOf(ui);
		return length === 0 ? '' : `${index(ui) + 1}/${length}`;
	},
	click: (ui, {row}) => clickLine(ui, row, names(ui)),
};

function stacksOf({world}: Ui): readonly Stack[] {
	return stacksIn(world.services);
}

function names(ui: Ui): readonly string[] {
	return stacksOf(ui).map(({name}) => name);
}

function index(ui: Ui): number {
	return cursorIndex(ui, names(ui));
}

function selected(ui: Ui): Stack | undefined {
	return stacksOf(ui)[index(ui)];
}

function moveBy(ui: Ui, by: number): void {
	putCursor(ui, names(ui), index(ui) + by);
}

/** What belongs to it is known before it is asked about. */
function removeSelected(ui: Ui): void {
	const {name} = selected(ui) ?? {};
	if (name !== undefined) {
		afterRead(ui, ['network', 'config', 'secret'], () => {
			ask(ui, {action: removeStack, target: undefined, input: {name}}, {name});
		});
	}
}

function draw(ui: Ui, {columns, rows}: Size): readonly Line[] {
	const stacks = stacksOf(ui);
	if (stacks.length === 0) {
		const text = `No service is of a stack, which the label ${stackLabel} tells. \`muster stack apply\` makes one of a Compose file.`;
		return emptyLines(text, columns);
	}

	const widest = Math.min(
		40,
		stacks.reduce((most, {name}) => Math.max(most, displayWidth(stripControl(name))), 6),
	);
	const at = index(ui);
	const room = Math.max(1, rows - 1);
	const top = topFor(at, stacks.length, room);
	drawnFrom(ui, {line: 1, top, count: room});
	const lines = stacks.slice(top, top + room).map(({name, services, running, desired, healthy}, row): Line => {
		const start = `${fitWidth(stripControl(name), widest)}  ${String(services.length).padStart(8)}  `;
		const sum = `${running}/${desired}`.padStart(9);
		const role = healthy < desired ? 'warning' : 'good';
		return top + row === at
			? [{role: 'selected', text: fitWidth(`▸ ${start}${sum}  ${String(healthy).padStart(7)}`, columns)}]
			: [`  ${start}`, {role, text: sum}, `  ${String(healthy).padStart(7)}`];
	});
	return [[{role: 'dim', text: `  ${fitWidth('NAME', widest)}  SERVICES  INSTANCES  HEALTHY`}], ...lines];
}
