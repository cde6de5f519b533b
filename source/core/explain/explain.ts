import type {Instance, Kind, Node, Pool, Service} from '../model/index.ts';
import {compareTroubles, type Trouble} from '../troubles/trouble.ts';
import type {ExplainedLine, ExplainWorld, Explanation} from './explanation.ts';
import {explainInstance} from './instance.ts';
import {explainNode, explainPool} from './node.ts';
import {explainService} from './service.ts';

export type Explained = Service | Instance | Node | Pool;

export const explainedKinds = ['service', 'instance', 'node', 'pool'] as const satisfies readonly Kind[];

/**
 * Why something is as it is, from one snapshot: where it runs and why there, why it waits, restarted or ended, why so many run, what
 * is wrong and what helps. The questions that have no answer are left out.
 */
export function explainObject(world: ExplainWorld, object: Explained, troubles: readonly Trouble[]): Explanation[] {
	const found = answers(world, object);
	return [...found.filter(({lines}) => lines.length > 0), ...wrong(object, troubles)];
}

function answers(world: ExplainWorld, object: Explained): readonly Explanation[] {
	switch (object.kind) {
		case 'service':
			return explainService(world, object);
		case 'instance':
			return explainInstance(world, object);
		case 'node':
			return explainNode(world, object);
		case 'pool':
			return explainPool(world, object);
	}
}

/** What was found wrong with it, or with the service that it belongs to. */
function wrong(object: Explained, troubles: readonly Trouble[]): Explanation[] {
	const ids = new Set(object.kind === 'instance' ? [object.id, object.serviceId] : [object.id]);
	const own = troubles.filter(({about}) => about !== undefined && ids.has(about.id)).toSorted(compareTroubles);
	return own.map(trouble => ({question: `What is wrong: ${trouble.title}`, lines: troubleLines(trouble)}));
}

export function troubleLines({cause, remedy}: Trouble): ExplainedLine[] {
	return [
		{text: cause, tone: 'bad'},
		{text: remedy.text, tone: 'remedy', ...(remedy.action && {action: remedy.action})},
	];
}
