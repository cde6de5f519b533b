import {isFinal} from '../instance-state.ts';
import type {Instance, Node, Service} from '../model/index.ts';
import {isUpdateStop, policyOf} from '../reconcile/rollout.ts';
import {isHealthy} from '../reconcile/slots.ts';
import {hasFailed} from '../restart.ts';
import {meetsConstraints} from '../schedule/constraint.ts';

/**
 * A change that stops a healthy instance for an update although more slots are without one then than the service's policy
 * lets be away, besides those in which it lets the new version fail; start first lets none.
 */
export function brokenFloor(
	before: Instance,
	after: Instance,
	service: Service | undefined,
	sameService: readonly Instance[],
	nodeOf: (id: string) => Node | undefined,
): string[] {
	const isStopped = before.desired === 'running' && after.desired === 'stopped' && isUpdateStop(after);
	if (!isStopped || !isHealthy(before) || service === undefined || service.removing || service.spec.mode === 'job') {
		return [];
	}

	const serving = new Set(sameService.filter(one => one.desired === 'running' && isHealthy(one)).map(slotOf));
	if (serving.has(slotOf(after))) {
		return [];
	}

	const {order, parallelism, failureAction, maxFailureRatio} = policyOf(service);
	if (order === 'start-first') {
		return [`${after.name} (${after.id}) is stopped before the instance that replaces it is healthy`];
	}

	const slots = slotsOf(service, sameService, nodeOf);
	const away = slots.filter(slot => !serving.has(slot));
	const failed = new Set(sameService.filter(one => one.version === service.version && hasFailed(one)).map(slotOf));
	const missed = away.filter(slot => failed.has(slot)).length;
	const mayFail = failureAction === 'continue' ? missed : Math.min(missed, Math.floor(maxFailureRatio * slots.length));
	const most = (parallelism || slots.length) + mayFail;
	return away.length <= most
		? []
		: [`${after.name} (${after.id}) is stopped: ${away.length} of ${slots.length} are away then, ${most} may be`];
}

function slotOf({slot, nodeId}: Instance): string {
	return slot === 0 ? (nodeId ?? '') : String(slot);
}

/** Of a global service those that are in use or on their way to the new version: there may be more. */
function slotsOf({spec}: Service, instances: readonly Instance[], nodeOf: (id: string) => Node | undefined): string[] {
	if (spec.mode !== 'global') {
		return Array.from({length: spec.replicas}, (_, index) => String(index + 1));
	}

	const isMeant = ({nodeId}: Instance) => {
		const node = nodeOf(nodeId ?? '');
		return (
			node !== undefined &&
			!node.removing &&
			node.spec.availability !== 'drained' &&
			meetsConstraints(node, spec.placement.constraints)
		);
	};
	return [...new Set(instances.filter(one => isInUse(one) && isMeant(one)).map(slotOf))];
}

function isInUse(instance: Instance): boolean {
	return !isFinal(instance.status.state) && (instance.desired === 'running' || isUpdateStop(instance));
}
