import {autoscaleService} from '../../actions/service/autoscale-service.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow} from '../keymap.ts';

export const autoscalersKeymap: readonly KeymapRow[] = [
	{keys: ['enter'], go: 'instances', hint: 'instances', help: 'Show the instances of its service'},
	formRow(autoscaleService, {
		keys: ['A'],
		hint: 'change',
		help: 'Change its policy, or end it (--off): a form',
	}),
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about its service'},
	{keys: ['x'], go: 'explain', hint: 'explain', help: 'Why so many run, and what helps'},
	{keys: ['y'], go: 'yaml', hint: 'YAML', help: 'Show its service as YAML', quiet: true},
];
