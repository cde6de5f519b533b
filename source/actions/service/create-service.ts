import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {ServiceSpec} from '../../core/model/index.ts';
import {refuse as refuseProblems} from '../../core/spec/check.ts';
import {checkName} from '../../core/spec/name.ts';
import {defineAction, type World} from '../action.ts';
import {freeName} from '../change.ts';
import {choice, integer, many, text} from '../fields/fields.ts';
import {keepTag, noResolveImage} from '../image/image-fields.ts';
import {containerFields} from './container-fields.ts';
import {containerPatch} from './container-patch.ts';
import {serviceFields} from './service-fields.ts';
import {checkService, servicePatch} from './service-patch.ts';
import {serviceProgress} from './service-progress.ts';

export const createService = defineAction({
	id: 'service.create',
	title: 'Create a service',
	on: 'service',
	creates: true,
	fields: {
		name: text("Name; default: the image's, then with -2, -3", 'NAME'),
		mode: choice(
			'What to keep: so many replicas; one on each node (global); until so many have completed (job), or one on each node has (global-job)',
			['replicated', 'global', 'job', 'global-job'],
			{
				synonyms: {'replicated-job': 'job'},
			},
		),
		...serviceFields,
		maxConcurrent: integer('Job: at most so many at the same time; 0: all', {min: 0}),
		noResolveImage,
		image: text('An image, or an executable: a path or a word from PATH', 'IMAGE', {operand: 'one', names: 'image'}),
		command: many(text('Command in the image, or arguments of the executable', 'ARG', {operand: 'rest'})),
	},
	form: {hidden: ['noResolveImage', ...Object.keys(containerFields)]},
	plan(world, _, input) {
		const {image} = input;
		if (image === undefined) {
			throw new ClusterError('usage', 'IMAGE is missing');
		}

		const patch = createPatch(world, input);
		checkService(patch);
		const name = input.name ?? freeName(nameOf(image), world.services);
		refuseProblems(checkName(name, '--name'));
		if (world.services.some(service => service.name === name)) {
			throw new ClusterError('conflict', `there is a service ${name} already`, {
				hint: 'Take another --name, or change that one with `muster service update`.',
			});
		}

		const ref = {kind: 'service', name} as const;
		return [{type: 'apply', ref, patch, create: true, ...keepTag(input), inverse: {type: 'remove', ref}}];
	},
	progress: serviceProgress,
});

type CreateInput = Parameters<typeof createService.plan>[2];

function createPatch(world: World, input: CreateInput): Patch<ServiceSpec> {
	const {image = '', mode, publish, constraint, placementPref, maxConcurrent, command} = input;
	const {network: networks, mount: mounts, config: configs, secret: secrets} = input;
	if ((mode === 'global' || mode === 'global-job') && input.replicas !== undefined) {
		throw new ClusterError('usage', `--replicas does not go with --mode=${mode}, which runs one on each node`);
	}

	const patch = servicePatch(input, world.images.find(({name}) => name === image.replace(/^image:/, ''))?.health);
	return {
		...patch,
		...(mode === 'global-job' ? {mode: 'job', perNode: true} : mode === undefined ? {} : {mode}),
		...(maxConcurrent === undefined ? {} : {maxConcurrent}),
		template: {
			...patch.template,
			image,
			...(command === undefined ? {} : {command}),
			...(networks && {networks}),
			...(mounts && {mounts}),
			...(configs && {configs}),
			...(secrets && {secrets}),
			...containerPatch(input),
		},
		...(publish === undefined ? {} : {ports: publish}),
		placement: {
			...patch.placement,
			...(constraint === undefined ? {} : {constraints: constraint}),
			...(placementPref === undefined ? {} : {preferences: placementPref}),
		},
	};
}

/** `docker:ghcr.io/nginx:1.27` → `nginx`, `/opt/My App` → `my-app`. */
function nameOf(image: string): string {
	const last =
		image
			.replace(/^(image|exec|docker):/, '')
			.replace(/[:@][^/]*$/, '')
			.split('/')
			.at(-1) ?? '';
	const name = last
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, 50)
		.replace(/^-+|-+$/g, '');
	return name || 'service';
}
