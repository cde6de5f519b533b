import type {Action} from '../../actions/action.ts';
import {rebalance} from '../../actions/node/rebalance.ts';
import {autoscaleService} from '../../actions/service/autoscale-service.ts';
import {removeService} from '../../actions/service/remove-service.ts';
import {restartService} from '../../actions/service/restart-service.ts';
import {rollbackService} from '../../actions/service/rollback-service.ts';
import {pauseRollout, promoteRollout, resumeRollout} from '../../actions/service/rollout.ts';
import {scaleService} from '../../actions/service/scale-service.ts';
import {triggerService} from '../../actions/service/trigger-service.ts';
import {updateService} from '../../actions/service/update-service.ts';
import type {Service} from '../../core/model/index.ts';
import {describeRow, explainRow, quietYamlRow} from '../describe/rows.ts';
import {openPrompt, run} from '../errands/asking.ts';
import {runMany} from '../errands/many.ts';
import {previewOf} from '../errands/previewing.ts';
import {removalRow} from '../errands/removing.ts';
import {nudge, scaleErrand, scaleTo} from '../errands/scaling.ts';
import {formRow} from '../form/rows.ts';
import {forwardRow} from '../forwards/forwards.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import {attachTo, openShell, whyNeverSession, whyNoSession} from '../sessions/sessions.ts';
import type {Ui} from '../ui.ts';

export const servicesKeymap: readonly KeymapRow[] = [
	{keys: ['enter'], go: 'instances', hint: 'instances', help: 'Show its instances'},
	{
		keys: ['+', '-'],
		hint: 'scale',
		help: 'One instance more or fewer: made after a short pause, at once by enter, dropped by esc',
		needsTarget: true,
		refused: ui => cannotScale(ui, undefined),
		unavailable: cannotScale,
		press: (ui, target, key) => onService(target, service => nudge(ui, service, key === '+' ? 1 : -1)),
		many: ui =>
			ui.say('warning', 'S sets how many of each that is marked; + and - are for one. esc takes the marks back.'),
	},
	{
		keys: ['S'],
		hint: 'set',
		help: 'Set how many instances to keep running',
		needsTarget: true,
		refused: ui => cannotScale(ui, undefined),
		unavailable: cannotScale,
		press: (ui, target) => onService(target, service => askReplicas(ui, service)),
		many: askReplicasOfMany,
	},
	formRow(updateService, {
		keys: ['u'],
		hint: 'update',
		help: 'Change it: image, environment, limits and all else, in a form with its values of now',
	}),
	{keys: ['R'], run: restartService, hint: 'restart', help: 'Replace every instance, as in an update'},
	formRow(autoscaleService, {
		keys: ['A'],
		hint: 'autoscale',
		help: 'Let the load say how many instances run: a form',
		quiet: true,
	}),
	{
		keys: ['b'],
		hint: 'rebalance',
		help: 'Move some of its instances to nodes with fewer, new ones first: shows which',
		quiet: true,
		needsTarget: true,
		refused: ui => ui.refusal(rebalance, undefined),
		unavailable: (ui, target) => ui.refusal(rebalance, target && undefined),
		press: (ui, target) =>
			onService(target, ({name}) => run(ui, {action: rebalance, target: undefined, input: {services: [name]}})),
		many: (ui, targets) =>
			run(ui, {action: rebalance, target: undefined, input: {services: targets.map(({name}) => name)}}),
	},
	{keys: ['V'], go: 'history', hint: 'versions', help: 'Show the versions that it can go back to', quiet: true},
	{
		keys: ['B'],
		run: rollbackService,
		hint: 'back',
		help: 'Roll it back to the version before, when confirmed',
		quiet: true,
	},
	{
		keys: ['P'],
		hint: 'pause',
		help: 'Pause its update, or go on with it: resume, or promote the canaries',
		quiet: true,
		needsTarget: true,
		refused: ui => ui.refusal(pauseRollout, undefined),
		unavailable: (ui, target) => target && ui.refusal(holdAction(target), target),
		press: (ui, target) => target && run(ui, {action: holdAction(target), target, input: {}}),
	},
	{
		keys: ['T'],
		run: triggerService,
		hint: 'trigger',
		help: 'Run what has a schedule now, besides',
		quiet: true,
	},
	{keys: ['l'], go: 'logs', hint: 'logs', help: 'Follow the logs of all its instances'},
	{
		keys: ['s'],
		hint: 'shell',
		help: 'Open a shell in its first running instance, with the whole screen; `exit` comes back',
		quiet: true,
		needsTarget: true,
		refused: ui => whyNeverSession(ui, 'exec'),
		unavailable: (ui, target) => whyNoSession(ui, target, 'exec'),
		press: openShell,
	},
	{
		keys: ['a'],
		hint: 'attach',
		help: 'Join input and output of its first running instance; ctrl-p ctrl-q leaves it running',
		quiet: true,
		needsTarget: true,
		refused: ui => whyNeverSession(ui, 'attach'),
		unavailable: (ui, target) => whyNoSession(ui, target, 'attach'),
		press: attachTo,
	},
	forwardRow,
	describeRow,
	explainRow,
	quietYamlRow,
	removalRow(removeService as Action),
];

/** What `P` does to it now. */
function holdAction(target: Target): Action {
	const {spec, rollout} = target as Service;
	if (rollout?.pausedBy === 'canary' && !spec.paused) {
		return promoteRollout;
	}

	return spec.paused || rollout?.state === 'paused' ? resumeRollout : pauseRollout;
}

function cannotScale(ui: Ui, target: Target | undefined): string | undefined {
	return ui.refusal(scaleService, target);
}

function onService(target: Target | undefined, use: (service: Service) => void): void {
	if (target?.kind === 'service') {
		use(target);
	}
}

function askReplicas(ui: Ui, service: Service): void {
	openPrompt(ui, {
		label: `Replicas of ${service.name}: `,
		text: '',
		hint(text) {
			const replicas = parseReplicas(text);
			if (typeof replicas === 'number') {
				return previewOf(ui, scaleErrand(service, replicas))?.summary ?? '';
			}

			return text === '' ? `now ${service.spec.replicas}` : replicas;
		},
		submit(text) {
			const replicas = parseReplicas(text);
			if (typeof replicas === 'number') {
				scaleTo(ui, service, replicas);
				return true;
			}

			return text === '';
		},
	});
}

function askReplicasOfMany(ui: Ui, targets: readonly Target[]): void {
	openPrompt(ui, {
		label: `Replicas of each of ${targets.length} marked: `,
		text: '',
		hint(text) {
			const replicas = parseReplicas(text);
			return typeof replicas === 'number' || text === '' ? '' : replicas;
		},
		submit(text) {
			const replicas = parseReplicas(text);
			if (typeof replicas === 'number') {
				runMany(ui, scaleService, targets, {input: {replicas}, note: `to ${replicas}`});
				return true;
			}

			return text === '';
		},
	});
}

/** The number, or why it is none. */
function parseReplicas(text: string): number | string {
	try {
		return scaleService.fields.replicas.parse(text);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
