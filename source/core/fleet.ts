import {lacksInstances} from './lacks.ts';
import type {Instant, Node, Service} from './model/index.ts';
import {formatAge} from './text/units.ts';

/** What is told of one cluster among many. */
export type ClusterFigures = {
	/** With its version. */
	readonly engine: string;
	readonly nodes: number;
	/** Of these. */
	readonly nodesReady: number;
	readonly services: number;
	/** Of these: fewer instances are up than are to be. */
	readonly servicesLacking: number;
	readonly instancesUp: number;
};

export function clusterFigures(engine: string, nodes: readonly Node[], services: readonly Service[]): ClusterFigures {
	return {
		engine,
		nodes: nodes.length,
		nodesReady: nodes.filter(({status}) => status.state === 'ready').length,
		services: services.length,
		servicesLacking: services.filter(lacksInstances).length,
		instancesUp: services.reduce((sum, {status}) => sum + status.healthy, 0),
	};
}

/** A context, and what was read of it last; without figures and trouble it has not answered yet. */
export type FleetMember = {
	readonly name: string;
	readonly figures?: ClusterFigures;
	readonly readAt?: Instant;
	/** Why it cannot be read now. */
	readonly trouble?: string;
};

export type MemberState = {readonly tone: 'good' | 'bad' | 'waiting'; readonly text: string};

/** How it stands, in a few words. */
export function memberState({figures, readAt, trouble}: FleetMember, now: Instant): MemberState {
	if (trouble !== undefined) {
		const since = readAt === undefined ? '' : `as of ${formatAge(now - readAt)} ago: `;
		return {tone: 'bad', text: `${since}${trouble}`};
	}

	if (figures === undefined) {
		return {tone: 'waiting', text: 'asking …'};
	}

	const {nodes, nodesReady, services, servicesLacking} = figures;
	const down = nodes - nodesReady;
	const wrong = [
		...(down > 0 ? [`${down} of ${nodes} nodes ${down === 1 ? 'is' : 'are'} not ready`] : []),
		...(servicesLacking > 0
			? [`${servicesLacking} of ${services} services ${servicesLacking === 1 ? 'lacks' : 'lack'} instances`]
			: []),
	];
	return wrong.length === 0 ? {tone: 'good', text: 'ok'} : {tone: 'bad', text: wrong.join(', ')};
}
