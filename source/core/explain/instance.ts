import {holdsRoom, isFinal} from '../instance-state.ts';
import type {Instance, Instant, Node, Service} from '../model/index.ts';
import {plural} from '../preview/places.ts';
import {reserveAsAsked} from '../preview/world.ts';
import {isNewer} from '../reconcile/slots.ts';
import {decideRestart} from '../restart.ts';
import {clusterView} from '../schedule/cluster-view.ts';
import {pendingInstance} from '../schedule/demand.ts';
import {explain} from '../schedule/explain.ts';
import type {Verdict} from '../schedule/refusal.ts';
import {isPerNode} from '../spec/service-mode.ts';
import {formatAge, formatDuration} from '../text/units.ts';
import type {ExplainedLine, ExplainWorld, Explanation} from './explanation.ts';

/** So many nodes are gone through one by one. */
const mostNodes = 12;
/** So many earlier runs of a slot are told of. */
const mostRuns = 5;

export function explainInstance(world: ExplainWorld, instance: Instance): Explanation[] {
	const service = world.services.find(({id}) => id === instance.serviceId);
	return [
		{question: 'Its state', lines: stateLines(world, instance, service)},
		{question: isWaiting(instance) ? 'Why it waits' : 'Why it is there', lines: placeLines(world, instance, service)},
		{question: 'Why it was restarted', lines: restartLines(world, instance)},
	];
}

function isWaiting({status}: Instance): boolean {
	return status.state === 'pending';
}

function stateLines({now}: ExplainWorld, instance: Instance, service: Service | undefined): ExplainedLine[] {
	const {status, desired, desiredReason, nodeName} = instance;
	const where = nodeName === undefined ? '' : ` on ${nodeName}`;
	// Of a service, what it waits for is told below, with what each node says.
	const isToldBelow = isWaiting(instance) && service !== undefined;
	const said = status.reason === undefined || isToldBelow ? '' : `: ${status.reason}`;
	const isBad = ['failed', 'rejected', 'lost'].includes(status.state) || (said !== '' && status.health === 'unhealthy');
	return [
		{text: `${status.state}${where} since ${formatAge(now - status.at)}${said}`, ...(isBad && {tone: 'bad' as const})},
		...(desired === 'stopped' ? [{text: `is to stop: ${desiredReason ?? 'on request'}`}] : []),
		...(status.healthMessage !== undefined && status.healthMessage === status.reason ? [] : healthLines(status)),
		...(isFinal(status.state) && desired === 'running' ? nextLines(now, instance, service) : []),
	];
}

function healthLines({health, healthMessage = 'nothing yet'}: Instance['status']): ExplainedLine[] {
	switch (health) {
		case 'unhealthy':
			return [{text: `its health check says unhealthy: ${healthMessage}`, tone: 'bad'}];
		case 'starting':
			return [{text: `is not ready yet: ${healthMessage}`}];
		default:
			return [];
	}
}

/** What follows the end of a run, as the restart policy has it. */
function nextLines(now: Instant, instance: Instance, service: Service | undefined): ExplainedLine[] {
	if (service === undefined || service.spec.mode === 'job') {
		return [];
	}

	const next = decideRestart(service.spec.restart, instance);
	if (!next.restart) {
		return [{text: next.reason, tone: 'bad'}];
	}

	const waitMs = next.at - now;
	const times = next.quickFailures > 1 ? `, after ${next.quickFailures} quick failures in a row` : '';
	return [
		{
			text:
				waitMs > 0 ? `runs again in ${formatDuration(Math.ceil(waitMs / 1000) * 1000)}${times}` : 'runs again at once',
		},
	];
}

/** What each node said, as far as that can be told now; of one that runs, with its own room given back. */
function placeLines(known: ExplainWorld, instance: Instance, service: Service | undefined): ExplainedLine[] {
	if (service === undefined || isFinal(instance.status.state)) {
		return [];
	}

	if (known.nodes.length === 0) {
		// Whoever asks may not see the nodes.
		return isWaiting(instance) ? waitLines(instance) : [];
	}

	const {nodeId, nodeName, replaces} = instance;
	const others = known.instances.filter(({id}) => id !== instance.id);
	const view = clusterView({...known, instances: others, reserveOf: reserveAsAsked(known)});
	const isGlobal = isPerNode(service.spec);
	const {nodeId: _, ...free} = instance;
	const verdicts = explain(pendingInstance(isGlobal ? instance : free, service.spec), view);
	const own = isGlobal ? verdicts.filter(({node}) => node.id === nodeId) : verdicts;
	const waits = isWaiting(instance);
	const nodes = own.slice(0, mostNodes).map(verdict => nodeLine(verdict, nodeId, service, others));
	const more = own.length > mostNodes ? [{text: `and ${plural(own.length - mostNodes, 'more node')}`}] : [];
	return [
		...(waits ? waitLines(instance) : []),
		...(isGlobal ? [{text: `runs on ${nodeName}: ${service.name} is global, one on each node that takes work`}] : []),
		...(replaces === undefined ? [] : replacedLine(known, replaces)),
		...(waits || isGlobal ? [] : [{text: whyHere(service, own, nodeId)}]),
		...nodes,
		...more,
		...(waits ? poolLines(known) : []),
	];
}

function waitLines({status: {reason}}: Instance): ExplainedLine[] {
	return reason === undefined ? [] : [{text: reason, tone: 'bad'}];
}

function replacedLine({instances}: ExplainWorld, id: string): ExplainedLine[] {
	const old = instances.find(one => one.id === id);
	if (old === undefined || isFinal(old.status.state)) {
		return [];
	}

	return [
		{
			text: `takes the place of the one on ${old.nodeName}, which stops once it is healthy`,
		},
	];
}

function whyHere({spec, name, type}: Service, verdicts: readonly Verdict[], nodeId: string | undefined): string {
	const others = verdicts.filter(({node, refusal}) => node.id !== nodeId && refusal === undefined).length;
	const {constraints, preferences} = spec.placement;
	const rule = constraints.length > 0 ? `, by ${constraints.join(' and ')}` : '';
	const order = preferences.length > 0 ? `${preferences.join(', ')}, then ` : '';
	// Where the engine has kinds of services of its own, its scheduler weighs nodes by rules of its own, too.
	const choice =
		type === undefined
			? `the scheduler takes ${order}the node with the fewest of ${name}, then the one with most left`
			: "the engine's own scheduler has chosen this one";
	return others === 0
		? `no other node could take it now${rule}`
		: `${plural(others, 'other node')} could take it${rule}; ${choice}`;
}

function nodeLine(
	{node, refusal}: Verdict,
	nodeId: string | undefined,
	service: Service,
	others: readonly Instance[],
): ExplainedLine {
	const own = others.filter(
		({serviceId, nodeId: on, status}) => serviceId === service.id && on === node.id && holdsRoom(status.state),
	).length;
	const runs = own > 0 ? `, runs ${own} of ${service.name}` : '';
	if (node.id === nodeId) {
		return {text: `${node.name}: has it${runs === '' ? '' : `${runs} besides`}`, tone: 'good'};
	}

	return refusal === undefined
		? {text: `${node.name}: could take it${runs}`, tone: 'good'}
		: {text: `${node.name}: ${refusal.reason}`, tone: 'bad'};
}

/** Who could make room. */
export function poolLines({pools = []}: ExplainWorld): ExplainedLine[] {
	return pools.map(({name, status, spec}) => ({
		text: `pool ${name} (${status.nodes} of ${spec.min} to ${spec.max} nodes): ${status.reason}`,
	}));
}

/** The runs of its slot before it, the newest first, each with its end. */
function restartLines({services, instances, now}: ExplainWorld, instance: Instance): ExplainedLine[] {
	const placeOf = placesOf(services);
	const earlier = instances
		.filter(
			one =>
				one.id !== instance.id &&
				placeOf(one) === placeOf(instance) &&
				isFinal(one.status.state) &&
				isNewer(instance, one),
		)
		.toSorted((a, b) => (isNewer(a, b) ? -1 : 1));
	const counted = instance.restarts > 0 ? [{text: `${plural(instance.restarts, 'restart')} of its slot so far`}] : [];
	return [
		...counted,
		...earlier.slice(0, mostRuns).map(one => ({
			text: `${formatAge(now - (one.status.finishedAt ?? one.status.at))} ago: ${endText(one)}`,
			...(['failed', 'rejected', 'lost'].includes(one.status.state) && {tone: 'bad' as const}),
		})),
	];
}

function endText({status, desiredReason, nodeName}: Instance): string {
	const {state, reason, exitCode, startedAt, finishedAt} = status;
	const on = nodeName === undefined ? '' : ` on ${nodeName}`;
	const why = reason ?? (state === 'stopped' ? desiredReason : undefined);
	const code = exitCode !== undefined && reason === undefined ? ` with exit code ${exitCode}` : '';
	const ran = startedAt === undefined || finishedAt === undefined ? '' : `, after ${formatAge(finishedAt - startedAt)}`;
	return `${state}${on}${code}${why === undefined ? '' : `: ${why}`}${ran}`;
}

/**
 * Tells which place of its service an instance has: the same for those that took it one after the other. A slot, of a global service
 * a node; where the engine knows neither, each instance is one of its own.
 */
export function placesOf(services: readonly Service[]): (instance: Instance) => string {
	const perNode = new Set(services.filter(({spec}) => isPerNode(spec)).map(({id}) => id));
	return ({id, serviceId, slot, nodeId}) => {
		if (slot > 0) return `${serviceId} ${slot}`;
		return perNode.has(serviceId) ? `${serviceId} on ${nodeId}` : id;
	};
}

/** How many hold room on a node. */
export function liveOn({instances}: ExplainWorld, {id}: Node): Instance[] {
	return instances.filter(({nodeId, status}) => nodeId === id && holdsRoom(status.state));
}
