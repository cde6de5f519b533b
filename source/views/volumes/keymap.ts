import type {KeymapRow} from '../keymap.ts';

export const volumesKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'd'], go: 'describe', hint: 'describe', help: 'Show all about it'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML', quiet: true},
];
