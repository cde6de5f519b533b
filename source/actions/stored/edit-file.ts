import {inversePatch} from '../../core/difference/merge-patch.ts';
import {ClusterError} from '../../core/error.ts';
import type {Config, FileAttachment, Secret, Service} from '../../core/model/index.ts';
import {defineAction, type Progress, type World} from '../action.ts';
import {present} from '../change.ts';
import {many, pair, record, text} from '../fields/fields.ts';
import {jointProgress} from '../service/joint-progress.ts';
import {serviceProgress} from '../service/service-progress.ts';
import {contentFields, contentOf} from './file-content.ts';

/** New content is a new version: the services that follow it are updated, or told by their signal. */
function editFile<K extends 'config' | 'secret'>(kind: K, verb: 'edit' | 'rotate') {
	return defineAction({
		id: `${kind}.${verb}`,
		title: verb === 'edit' ? `Change a ${kind}` : `Give a ${kind} new content`,
		on: kind,
		fields: {
			...contentFields(kind === 'secret'),
			label: many(pair('Set a label', {short: 'l'})),
			labelRm: many(text('Take a label away', 'KEY')),
		},
		form: {file: 'file'},
		plan(_, target, input) {
			const object = present<Config | Secret>(target);
			const data = contentOf(input);
			const gone = (input.labelRm ?? []).map(key => [key, null] as const);
			const labels = {...Object.fromEntries(gone), ...record(input.label ?? [])};
			if (data === undefined && (verb === 'rotate' || Object.keys(labels).length === 0)) {
				throw new ClusterError('usage', 'nothing to change: give FILE (- is standard input) or --literal');
			}

			const ref = {kind: 'config' as const, id: object.id, name: object.name};
			const patch = {...(data && {data}), ...(Object.keys(labels).length > 0 && {labels})};
			// What a secret held is known to nobody here.
			const inverse =
				object.kind === 'config' || data === undefined
					? ({type: 'apply', ref: {...ref, kind}, patch: inversePatch(object.spec, patch)} as never)
					: undefined;
			const step = {type: 'apply', ref: {...ref, kind} as typeof ref, patch, ifRevision: object.revision} as const;
			return [inverse === undefined ? step : {...step, inverse}];
		},
		progress: (world, {name}) => followed(world, kind, name),
	});
}

/** The services that are updated with it. Labels alone change none of them: they are as they should be. */
function followed(world: World, kind: 'config' | 'secret', name: string): Progress {
	const services = followersOf(world, kind, name);
	return services.length === 0
		? {state: 'reached', message: `no service follows ${name}`}
		: jointProgress(services.map(service => serviceProgress(world, service)));
}

export function followersOf(world: World, kind: 'config' | 'secret', name: string): readonly Service[] {
	const follows = ({source, onChange = 'update'}: FileAttachment) => source === name && onChange === 'update';
	return world.services.filter(({spec: {template}, removing}) => {
		const files = kind === 'config' ? template.configs : template.secrets;
		return !removing && files?.some(follows);
	});
}

export const editConfig = editFile('config', 'edit');
export const editSecret = editFile('secret', 'edit');
export const rotateConfig = editFile('config', 'rotate');
export const rotateSecret = editFile('secret', 'rotate');
