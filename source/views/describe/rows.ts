import type {KeymapRow} from '../keymap.ts';
import {aboutOf, goInto} from '../navigation/navigation.ts';

// From a list or a text about an object into the texts about it.

export const describeRow: KeymapRow = {keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about it'};
export const yamlRow: KeymapRow = {keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML'};
/** Where much else is to be told. */
export const quietYamlRow: KeymapRow = {...yamlRow, quiet: true};
export const explainRow: KeymapRow = {
	keys: ['x'],
	go: 'explain',
	hint: 'explain',
	help: 'Why it is as it is: where it runs, why it waits, what helps',
	quiet: true,
};
export const logsRow: KeymapRow = {
	keys: ['l'],
	hint: 'logs',
	help: 'Follow its logs, where it has some',
	quiet: true,
	needsTarget: true,
	unavailable: (_, target) =>
		['service', 'instance', 'node'].includes(target?.kind ?? '') ? undefined : `A ${target?.kind} has no logs.`,
	press: (ui, target) => target && goInto(ui, 'logs', aboutOf(target)),
};
