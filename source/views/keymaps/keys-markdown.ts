import {scalingKeymap} from '../errands/scaling.ts';
import {mouseHelp} from '../input/mouse-help.ts';
import {type KeymapGroup, keymapMarkdown} from '../keymap.ts';
import {allScreens} from '../screens.ts';
import {textSearchKeymap} from '../text/text-search.ts';
import {everywhereKeymap, lastViewRow} from './everywhere-keymap.ts';
import {listKeymap} from './list-keymap.ts';
import {textKeymap} from './text-keymap.ts';

/** All keys of the dashboard, as docs/keys.md tells them. */
export function keysMarkdown(): string {
	const own = allScreens().map(({id, keymap}): KeymapGroup => ({title: `${id}, besides`, rows: keymap}));
	const groups: readonly KeymapGroup[] = [
		{title: 'everywhere', rows: everywhereKeymap},
		{title: 'everywhere but where `-` scales', rows: [lastViewRow]},
		{title: 'every list', rows: listKeymap},
		{title: 'text: logs, describe, help', rows: textKeymap},
		{title: 'text but for logs', rows: textSearchKeymap},
		...own.filter(({rows}) => rows.length > 0),
		{title: 'while a change of replicas is pending', rows: scalingKeymap},
		mouseHelp,
	];
	return `# Keys of the dashboard\n\n${keymapMarkdown(groups.map(group => ({...group, title: capitalized(group.title)})))}`;
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
