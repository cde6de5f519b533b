import type {Backend} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Resource} from '../../core/model/index.ts';
import type {ResourceFacet, ResourceRef} from '../../core/resource/facet.ts';
import {type Action, defineAction, type Step} from '../action.ts';
import {present} from '../change.ts';
import {equalCommand} from '../fields/equal-command.ts';
import {many} from '../fields/fields.ts';
import {labelChange, labelForm, labelPatch, labelsTakenAway} from '../fields/label-change.ts';
import {quote} from '../fields/shell.ts';
import {cascadeField} from './cascade.ts';

/** Why there is nothing beyond the model; undefined: there is. */
export function whyNoResources({facets, name}: Pick<Backend, 'facets' | 'name'>): string | undefined {
	return facets.resources === undefined ? `${name} has no kinds beyond muster's own` : undefined;
}

export function resourcesOf(backend: Pick<Backend, 'facets' | 'name'>): ResourceFacet {
	const {resources} = backend.facets;
	if (resources === undefined) throw new ClusterError('unsupported', whyNoResources(backend) ?? '');
	return resources;
}

/** Names it for its engine. */
export function resourceRefOf({type, name, scope}: Resource): ResourceRef {
	return {type, name, scope};
}

const done = {remove: 'removed', label: 'labelled', edit: 'edited'} as const;

/** What is done to one of them. */
export function resourceEffect(
	target: Resource,
	verb: 'remove' | 'label' | 'edit',
	run: (resources: ResourceFacet) => Promise<void>,
): Step {
	const {name, scope, title} = target;
	const what = `${title} ${name}`;
	const ref = {kind: 'resource', name, ...(scope === undefined ? {} : {scope})} as const;
	return {
		type: 'effect',
		ref,
		todo: `${verb} ${what}`,
		title: `${done[verb]} ${what}`,
		run: async backend => run(resourcesOf(backend)),
	};
}

/** `muster -n shop resource rm ingresses.networking.k8s.io web` */
export function resourceCommand(
	action: Pick<Action, 'id' | 'fields'>,
	target: Resource | undefined,
	input: object,
): string {
	const verb = `muster ${action.id.replace('.', ' ')}`;
	const line = equalCommand(action, target?.name, {...input});
	if (target === undefined) return line;
	const scope = target.scope === undefined ? '' : ` -n ${quote(target.scope)}`;
	return line.replace(verb, () => `muster${scope} ${action.id.replace('.', ' ')} ${quote(target.type)}`);
}

export const removeResource: Action<'resource', typeof cascadeField> = defineAction({
	id: 'resource.rm',
	title: 'Remove',
	on: 'resource',
	fields: cascadeField,
	isGoneLater: true,
	unavailable: (_, backend) => whyNoResources(backend),
	confirm(target, {cascade}) {
		const where = target?.scope === undefined ? '' : ` in ${target.scope}`;
		const orphans = cascade === 'orphan' ? ', and leave what belongs to it' : '';
		return target && `Remove the ${target.title} ${target.name}${where}${orphans}?`;
	},
	command: (target, input) => resourceCommand(removeResource, target, input),
	plan(_, target, {cascade}) {
		const found = present(target);
		return [resourceEffect(found, 'remove', async resources => resources.remove(resourceRefOf(found), {cascade}))];
	},
});

const labels = {labels: many(labelChange)};

export const labelResource: Action<'resource', typeof labels> = defineAction({
	id: 'resource.label',
	title: 'Set or take away labels',
	on: 'resource',
	fields: labels,
	form: {now: target => labelForm(target.labels), takesAway: labelsTakenAway},
	unavailable: (_, backend) => whyNoResources(backend),
	command: (target, input) => resourceCommand(labelResource, target, input),
	plan(_, target, {labels: changes = []}) {
		const found = present(target);
		if (changes.length === 0) {
			throw new ClusterError('usage', 'no label is given: KEY=VALUE sets one, KEY- takes it away');
		}

		const patch = labelPatch(changes);
		return [resourceEffect(found, 'label', async all => all.label(resourceRefOf(found), patch))];
	},
});
