import type {Input} from '../../actions/action.ts';
import {choice, text, toggle} from '../../actions/fields/fields.ts';

export const outputFormats = ['table', 'wide', 'json', 'yaml', 'ndjson', 'name'] as const;

/** May stand anywhere, before and behind the verb. */
export const sharedFields = {
	context: text('Which cluster: see `muster context ls`', 'NAME', {short: 'c'}),
	backend: text('The present context of an engine: local, swarm, k8s', 'ENGINE'),
	namespace: text('Only this namespace, where the engine has namespaces', 'NAME', {short: 'n'}),
	allNamespaces: toggle('All namespaces', {short: 'A'}),
	output: choice('How to print', outputFormats, {short: 'o'}),
	readOnly: toggle('Change nothing, whatever is asked'),
	yes: toggle('Answer questions with yes', {short: 'y'}),
	dryRun: toggle('Show what would be done, and do nothing'),
	debug: toggle('Write the details of an error to a file'),
	noColor: toggle('No colours'),
	noMouse: toggle(
		'In the dashboard, leave the mouse to the terminal, which selects text with it; so does MUSTER_MOUSE=off',
	),
	help: toggle('Show help', {short: 'h'}),
};

export type SharedFlags = Input<typeof sharedFields>;
