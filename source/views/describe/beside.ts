import type {KeymapRow} from '../keymap.ts';
import {aboutOf, goInto} from '../navigation/navigation.ts';

/** From one text about an object to the others. */
export const describeRow: KeymapRow = {keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about it'};
export const yamlRow: KeymapRow = {keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show it as YAML'};
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
