import {killInstance} from '../../actions/kill-instance.ts';
import type {KeymapRow} from '../keymap.ts';

export const instancesKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'l'], go: 'logs', hint: 'logs', help: 'Follow its logs'},
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about it'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML', quiet: true},
	{keys: ['ctrl-k'], run: killInstance, hint: 'kill', help: 'Send it SIGKILL, when confirmed'},
];
