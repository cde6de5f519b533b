// Stands in the place of source/views/input/dispatch.ts in what the journeys run: tells which rows their keys reach.

import {appendFileSync} from 'node:fs';
import path from 'node:path';
import * as dispatch from '../../source/views/input/dispatch.ts';
import type {Key} from '../../source/views/input/keys.ts';
import {type KeymapRow, whyNot} from '../../source/views/keymap.ts';
import {activeGroups} from '../../source/views/keymaps/groups.ts';
import {markedTargets} from '../../source/views/list/marks.ts';
import type {Ui} from '../../source/views/ui.ts';
import type {Seen} from './keys-pressed.ts';

export const {paste} = dispatch;

const folder = process.env.JOURNEY_FOLDER ?? '/nowhere';

export function press(ui: Ui, key: Key): void {
	tell(ui, key);
	dispatch.press(ui, key);
}

function tell(ui: Ui, key: Key): void {
	const {overlay} = ui.state;
	if (overlay?.type === 'prompt' || overlay?.type === 'form') {
		return;
	}

	const groups = activeGroups(ui);
	const group = groups.find(({rows}) => rows.some(({keys}) => keys.includes(key)));
	const row = group?.rows.find(({keys}) => keys.includes(key));
	const seen: Seen = {
		place:
			overlay === undefined
				? (group?.title ?? '')
				: `${overlay.type} ${overlay.type === 'chord' ? overlay.title : ''}`.trim(),
		// What lies over a screen is in no table: its keys are known when it is there.
		offered: overlay === undefined ? [] : groups.flatMap(({rows}) => rows.flatMap(({keys}) => keys)),
		pressed: row !== undefined && acts(ui, row) ? key : undefined,
	};
	appendFileSync(path.join(folder, 'keys.ndjson'), `${JSON.stringify(seen)}\n`);
}

/** Whether a row does something now, and does not only say why it cannot. */
function acts(ui: Ui, row: KeymapRow): boolean {
	const isForMany = (row.run !== undefined || row.many !== undefined) && markedTargets(ui).length > 0;
	return isForMany || whyNot(ui, row, ui.target) === undefined;
}
