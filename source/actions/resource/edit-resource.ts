import type {Resource} from '../../core/model/index.ts';
import type {ResourceEdit} from '../../core/resource/facet.ts';
import {type Action, defineAction} from '../action.ts';
import {present} from '../change.ts';
import {toggle} from '../fields/fields.ts';
import {resourceCommand, resourceEffect, resourceRefOf, whyNoResources} from './resource.ts';

export const editFields = {force: toggle('Take fields over from whoever else manages them')};

/** Why a resource is not opened in an editor; undefined: it may be. */
export function whyNoDocument({type}: Pick<Resource, 'type'>): string | undefined {
	return type === 'secrets' ? 'What is in a secret is shown to nobody, not even to be edited.' : undefined;
}

/** What somebody has written is known when it is done: an action for each. */
export function editResource(edit: ResourceEdit): Action<'resource', typeof editFields> {
	const action: Action<'resource', typeof editFields> = defineAction({
		id: 'resource.edit',
		title: 'Edit',
		on: 'resource',
		fields: editFields,
		unavailable: (target, backend) => whyNoResources(backend) ?? (target && whyNoDocument(target)),
		command: (target, input) => resourceCommand(action, target, input),
		plan(_, target, {force = false}) {
			const found = present(target);
			return [resourceEffect(found, 'edit', async resources => resources.edit(resourceRefOf(found), edit, {force}))];
		},
	});
	return action;
}
