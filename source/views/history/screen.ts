import type {ServiceVersion} from '../../core/model/index.ts';
import {changeText, versionChanges} from '../../core/spec/version-changes.ts';
import {fitWidth, stripControl, truncate} from '../../core/text/text.ts';
import {clickLine, drawnFrom, topFor} from '../cursor.ts';
import type {PictureScreen} from '../screen.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';
import {readVersions, versionsOf} from './kept-versions.ts';
import {historyKeymap, keysOf, selectedIndex} from './keymap.ts';

type Line = readonly Span[];

/** The kept versions of one service, each with what it changed; below, how the one under the cursor differs from now. */
export const historyScreen: PictureScreen = {
	type: 'picture',
	id: 'history',
	aliases: [],
	keymap: historyKeymap,
	draw,
	target: ui => ui.find(ui.place.about),
	click: (ui, {row}) => clickLine(ui, row, keysOf(ui)),
	open(ui) {
		const {about} = ui.place;
		if (about !== undefined && ui.executor.backend.facets.history !== undefined) {
			readVersions(ui, [ui.find(about) ?? about]);
		}
	},
};

function draw(ui: Ui, {columns, rows}: Size): readonly Line[] {
	const versions = versionsOf(ui);
	if (ui.place.about?.kind !== 'service') {
		return [[], [{role: 'dim', text: ' Press V on a service: its versions are shown here.'}]];
	}

	if (versions === undefined) {
		const {facets, name} = ui.executor.backend;
		const text = facets.history === undefined ? `${name} keeps no versions of services.` : 'Reading the versions …';
		return [[], [{role: 'dim', text: ` ${text}`}]];
	}

	const index = selectedIndex(ui);
	const details = differences(versions, index, columns).slice(0, Math.max(0, rows - 4));
	const room = Math.max(1, rows - 2 - details.length);
	const top = topFor(index, versions.length, room);
	drawnFrom(ui, {line: 1, top, count: room});
	const list = versions
		.slice(top, top + room)
		.map((version, row) => rowOf(ui, version, versions[top + row + 1], {isSelected: top + row === index, columns}));
	const heading: Line = [{role: 'dim', text: truncate('   VERSION INSTANCES      AGE  CHANGES', columns)}];
	return [heading, ...list, [], ...details].slice(0, rows);
}

function rowOf(
	ui: Ui,
	version: ServiceVersion,
	before: ServiceVersion | undefined,
	{isSelected, columns}: {readonly isSelected: boolean; readonly columns: number},
): Line {
	const {createdAt, instances, isCurrent} = version;
	const changes = before === undefined ? version.spec.template.image : textOf(before, version);
	const number = fitWidth(`${version.version}${isCurrent ? ' ●' : '  '}`, 9, 'right');
	const age = createdAt === undefined ? '' : ui.context.ages.of(createdAt);
	const text = `${number}${fitWidth(String(instances), 9, 'right')}${fitWidth(age, 9, 'right')}  ${changes}`;
	return isSelected
		? [{role: 'selected', text: fitWidth(truncate(`▸${text}`, columns), columns)}]
		: [{role: isCurrent ? 'good' : 'plain', text: truncate(` ${text}`, columns)}];
}

function textOf(before: ServiceVersion, after: ServiceVersion): string {
	return stripControl(versionChanges(before.spec, after.spec).map(changeText).join(', '));
}

/** What going back to it would change. */
function differences(versions: readonly ServiceVersion[], index: number, columns: number): readonly Line[] {
	const selected = versions[index];
	const current = versions.find(({isCurrent}) => isCurrent);
	if (selected === undefined || current === undefined || selected === current) {
		return [];
	}

	const changes = versionChanges(current.spec, selected.spec);
	return [
		[{role: 'title', text: ` Back from version ${current.version} to ${selected.version}`}],
		...changes.map((change): Line => [truncate(`   ${stripControl(changeText(change))}`, columns)]),
	];
}
