import {evictInstance, removeInstance} from '../../actions/instance/evict-instance.ts';
import {killInstance} from '../../actions/instance/kill-instance.ts';
import {describeRow, explainRow, quietYamlRow} from '../describe/rows.ts';
import {forwardRow} from '../forwards/forwards.ts';
import type {KeymapRow} from '../keymap.ts';
import {goToRunBefore} from '../logs/run-before.ts';
import {askDebug, whyNotDebugged} from '../sessions/debugging.ts';
import {attachTo, openShell, whyNeverSession, whyNoSession} from '../sessions/sessions.ts';
import {transferRow} from '../sessions/transfers.ts';

export const instancesKeymap: readonly KeymapRow[] = [
	{keys: ['enter', 'l'], go: 'logs', hint: 'logs', help: 'Follow its logs'},
	{
		keys: ['p'],
		hint: 'run before',
		help: 'Show the logs of the run before this one',
		quiet: true,
		needsTarget: true,
		press: (ui, target) => target && goToRunBefore(ui, target),
	},
	{
		keys: ['s'],
		hint: 'shell',
		help: 'Open a shell in it, with the whole screen; `exit` comes back',
		needsTarget: true,
		refused: ui => whyNeverSession(ui, 'exec'),
		unavailable: (ui, target) => whyNoSession(ui, target, 'exec'),
		press: openShell,
	},
	{
		keys: ['a'],
		hint: 'attach',
		help: 'Join its input and output; ctrl-p ctrl-q leaves it running',
		quiet: true,
		needsTarget: true,
		refused: ui => whyNeverSession(ui, 'attach'),
		unavailable: (ui, target) => whyNoSession(ui, target, 'attach'),
		press: attachTo,
	},
	transferRow,
	forwardRow,
	{
		keys: ['D'],
		hint: 'debug',
		help: 'Add a container of another image to it, with a terminal; `exit` comes back',
		quiet: true,
		needsTarget: true,
		refused: ui => whyNotDebugged(ui, undefined),
		unavailable: whyNotDebugged,
		press: askDebug,
	},
	{
		keys: ['E'],
		run: evictInstance,
		hint: 'evict',
		help: 'End it where its disruption budget allows that, when confirmed',
		quiet: true,
	},
	{
		keys: ['ctrl-d'],
		run: removeInstance,
		hint: 'delete',
		help: 'End it whatever its disruption budget says, when confirmed',
		quiet: true,
	},
	describeRow,
	explainRow,
	quietYamlRow,
	{keys: ['ctrl-k'], run: killInstance, hint: 'kill', help: 'Send it SIGKILL, when confirmed'},
];
