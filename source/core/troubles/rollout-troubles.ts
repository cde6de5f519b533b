import type {Rollout, Service} from '../model/index.ts';
import {isThrough} from '../reconcile/rollout.ts';
import {shareText} from './crash-troubles.ts';
import type {FaultFacts, ServiceFacts} from './facts.ts';
import type {Fault} from './instance-fault.ts';
import {action} from './remedies.ts';
import {refOf, type Trouble} from './trouble.ts';

/** An update in which nothing has moved for so long is stuck. */
const stillAfterMs = 120_000;

/** Behind a number of instances. */
const words: Readonly<Record<Fault, string>> = {
	rejected: 'cannot be started',
	looping: 'crashing',
	failed: 'failed',
	pending: 'waiting for a node',
	unhealthy: 'unhealthy',
	slow: 'not healthy for a minute',
};

/** An update that does not get on: what is wrong with the new version says why. Found, it stands for these faults. */
export function stuckRollout(facts: ServiceFacts, now: number): Trouble | undefined {
	const {service, movedAt} = facts;
	const {rollout} = service;
	if (rollout === undefined || isThrough(rollout) || rollout.pausedBy === 'user' || rollout.pausedBy === 'canary') {
		return undefined;
	}

	// Of a first version, or where no other is left, what its instances say is found by itself, with its remedy.
	if (rollout.state !== 'paused' && facts.outdated === 0 && facts.faults.size > 0) {
		return undefined;
	}

	const culprit = culpritOf(facts);
	const isStill = now - Math.max(movedAt, rollout.startedAt) >= stillAfterMs;
	if (rollout.state !== 'paused' && culprit === undefined && !isStill) {
		return undefined;
	}

	const [fault, found] = culprit ?? [];
	const why = found?.reasons.most;
	const seen =
		found === undefined || fault === undefined
			? (rollout.message ?? (isStill ? 'nothing has moved for two minutes' : 'nothing goes on'))
			: `${found.count} ${words[fault]}${why === undefined ? '' : `: ${why}`}`;
	return {
		id: `rollout ${service.id}`,
		severity: facts.healthy === 0 ? 'critical' : 'serious',
		title: `The ${rollout.isRollback ? 'rollback' : 'update'} of ${service.name} ${rollout.state === 'paused' ? 'has stopped' : 'is stuck'}`,
		about: refOf(service),
		count: rollout.total - rollout.updated,
		cause: `${rollout.updated} of ${rollout.total} at version ${service.version}; ${seen}`,
		remedy: remedyOf(service, rollout),
		jump: found === undefined ? {to: 'instances', about: refOf(service)} : {to: 'logs', about: refOf(found.example)},
	};
}

function remedyOf(service: Service, {isRollback, from}: Rollout): Trouble['remedy'] {
	return isRollback || from === undefined
		? {text: `Update it once more, with what mends version ${service.version}.`}
		: {
				text: `Go back to version ${from}, or update it once more with what mends version ${service.version}.`,
				action: action('service.rollback', service),
			};
}

/** The fault that only the new version has; the one with most instances. */
function culpritOf({faults, outdated}: ServiceFacts): readonly [Fault, FaultFacts] | undefined {
	let worst: readonly [Fault, FaultFacts] | undefined;
	for (const [fault, found] of faults) {
		if (found.ofVersion === found.count && outdated > 0 && found.count > (worst?.[1].count ?? 0)) {
			worst = [fault, found];
		}
	}

	return worst;
}

/** Different versions run side by side, and nobody is changing that. */
export function versionSkew(facts: ServiceFacts): Trouble | undefined {
	const {service, outdated} = facts;
	const isChanging = service.rollout !== undefined && !isThrough(service.rollout);
	if (outdated === 0 || isChanging || service.spec.mode === 'job') {
		return undefined;
	}

	return {
		id: `versions ${service.id}`,
		severity: 'minor',
		title: `${service.name} runs in different versions`,
		about: refOf(service),
		count: outdated,
		cause: `${shareText(outdated, facts)} not at version ${service.version}, and no update is under way`,
		remedy: {
			text: 'Restart it: each instance comes back at the present version.',
			action: action('service.restart', service),
		},
		jump: {to: 'instances', about: refOf(service)},
	};
}
