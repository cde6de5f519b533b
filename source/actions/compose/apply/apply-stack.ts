import type {Patch} from '../../../core/backend.ts';
import {mergePatch} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import {onlyFile} from '../../../core/model/config.ts';
import type {Config, Kind, Objects, Service, ServiceSpec} from '../../../core/model/index.ts';
import {plural} from '../../../core/preview/places.ts';
import {stackLabel, stackOf} from '../../../core/stacks.ts';
import {type Action, defineAction, objectsOf, type Progress, type Step, type World} from '../../action.ts';
import {changeService} from '../../change.ts';
import {many, text, toggle} from '../../fields/fields.ts';
import {jointProgress} from '../../service/joint-progress.ts';
import {removalProgress, serviceProgress} from '../../service/service-progress.ts';
import {stepRows} from '../../step-rows.ts';
import type {FileWays} from '../project/attach.ts';
import type {FilePart, Part} from '../project/parts.ts';
import type {Project, ServicePart} from '../project/project.ts';
import {refuseUnclearFiles} from './given-files.ts';
import {serviceChange} from './service-change.ts';

export const stackFields = {
	file: many(
		text('A Compose file, or - for standard input; of several the later ones change the earlier ones', 'FILE', {
			short: 'f',
			aliases: ['compose-file'],
		}),
	),
	profile: many(text('Run the services of this profile too; *: of all. Default: COMPOSE_PROFILES', 'PROFILE')),
	name: text("Its name; default: the file's own, or the folder's", 'STACK', {operand: 'one'}),
	prune: toggle('Remove services of the stack that are no longer in the file'),
};

/** What is different from engine to engine. */
type Ways = {
	/** Volumes are there before they are mounted. */
	readonly makesVolumes: boolean;
	/** Containers are marked as services are, as docker stack does it. */
	readonly labelsContainers: boolean;
	readonly files: FileWays;
};

/** What a file holds has no target yet: an action is made for what was read. */
export function applyStack(project: Project, {makesVolumes, labelsContainers, files}: Ways): Action {
	const labels = {[stackLabel]: project.name};

	function plan(world: World, prune: boolean): readonly Step[] {
		if (files.nameInside !== undefined) refuseUnclearFiles(world, project);
		const configs = project.configs.flatMap(part => configStep(world, part, labels));
		const services = project.services.map(part => serviceStep(world, part, project.name, labelsContainers));
		const gone = prune ? leftOver(world, project) : [];
		return [
			...project.networks.flatMap(part =>
				makeStep(world, 'network', part, {...part.spec, labels: {...part.spec.labels, ...labels}}),
			),
			...(makesVolumes
				? project.volumes.flatMap(part =>
						makeStep(world, 'volume', part, {...part.spec, labels: {...part.spec.labels, ...labels}}),
					)
				: []),
			...configs,
			...project.secrets.flatMap(part => makeStep(world, 'secret', part, filePatch(part, labels))),
			...services.filter(step => step !== undefined).map(step => (configs.length > 0 ? afterOthers(step) : step)),
			...gone
				.filter(({removing}) => !removing)
				.map(({id, name}): Step => ({type: 'remove', ref: {kind: 'service', id, name}})),
		];
	}

	return defineAction({
		id: 'stack.apply',
		title: 'Apply a stack',
		on: 'service',
		creates: true,
		isOfMany: true,
		fields: stackFields,
		confirm: (_, {prune}) => (prune ? `Remove what of the stack ${project.name} is not in the file?` : undefined),
		plan: (world, _, {prune = false}) => plan(world, prune),
		preview(world, _, {prune = false}) {
			const steps = plan(world, prune);
			const same =
				project.services.length - steps.filter(step => step.ref.kind === 'service' && step.type === 'apply').length;
			const stays = same > 0 ? `${plural(same, 'service')} ${same === 1 ? 'stays as it is' : 'stay as they are'}` : '';
			const sums =
				steps.length === 0 ? ['nothing changes'] : [plural(steps.length, 'change'), ...(stays === '' ? [] : [stays])];
			return {summary: `stack ${project.name}: ${sums.join(', ')}`, rows: stepRows(world, steps)};
		},
		progress: world => progressOf(world, project),
	}) as unknown as Action;
}

/** Its services that the file no longer has, also those that are being removed. */
export function leftOver({services}: World, project: Project): readonly Service[] {
	const wanted = new Set([...project.services.map(({name}) => name), ...project.idle]);
	return services.filter(({name, spec}) => stackOf(spec.labels) === project.name && !wanted.has(name));
}

function serviceStep(
	world: World,
	{key, name, patch}: ServicePart,
	stack: string,
	labelsContainers: boolean,
): Step | undefined {
	const labels = {[stackLabel]: stack};
	const inContainer = labelsContainers ? {template: {container: {labels}}} : {};
	const asked = mergePatch<Patch<ServiceSpec>>(patch, {labels, ...inContainer} as Patch<Patch<ServiceSpec>>);
	const present = world.services.find(service => service.name === name);
	if (present === undefined) {
		const ref = {kind: 'service', name} as const;
		return {type: 'apply', ref, patch: asked, create: true, inverse: {type: 'remove', ref}};
	}

	if (present.removing) {
		throw new ClusterError('conflict', `services.${key}: ${name} is still being removed`, {
			hint: 'Repeat it once that is gone.',
		});
	}

	if (stackOf(present.spec.labels) !== stack) {
		throw new ClusterError(
			'conflict',
			`services.${key}: there is a service ${name} already, which is not of the stack ${stack}`,
			{
				hint: 'Give the stack another name, or remove that service.',
			},
		);
	}

	const change = serviceChange(present.spec, asked, (kind, name) => versionIn(world, kind, name));
	return change && changeService(present, change);
}

function versionIn({configs = [], secrets = []}: World, kind: 'configs' | 'secrets', name: string): number | undefined {
	return (kind === 'configs' ? configs : secrets).find(one => one.name === name)?.version;
}

/** A service that has followed a config is another one by now, and is still the one that is meant. */
function afterOthers(step: Step): Step {
	if (step.type !== 'apply' || step.create) return step;
	const {ifRevision: _, ...rest} = step;
	return rest;
}

function filePatch({content, labels}: FilePart, own: Readonly<Record<string, string>>): object {
	return {data: {[onlyFile]: content}, labels: {...labels, ...own}};
}

type MadeKind = 'network' | 'volume' | 'config' | 'secret';

function found<K extends MadeKind>(world: World, kind: K, {key, name, isExternal}: Part): Objects[K] | undefined {
	const present = objectsOf(world, kind).find(object => object.name === name);
	if (present === undefined && isExternal) {
		throw new ClusterError('not-found', `${kind}s.${key}: there is no ${kind} ${name}, which the file takes for given`);
	}

	return present as Objects[K] | undefined;
}

/** Makes it where it is not there; else it stays as it is. */
function makeStep(world: World, kind: MadeKind, part: Part, patch: object): readonly Step[] {
	if (found(world, kind, part) !== undefined) return [];
	const ref = {kind, name: part.name} as {kind: 'network'; name: string};
	return [{type: 'apply', ref, patch, create: true, inverse: {type: 'remove', ref: ref as {kind: Kind; name: string}}}];
}

/** Other content becomes a new version of it, and its services follow. */
function configStep(world: World, part: FilePart, labels: Readonly<Record<string, string>>): readonly Step[] {
	const present: Config | undefined = found(world, 'config', part);
	if (present === undefined) return makeStep(world, 'config', part, filePatch(part, labels));
	const {data} = present.spec;
	if (part.isExternal || JSON.stringify(data[onlyFile]) === JSON.stringify(part.content)) return [];
	const {id, name, revision} = present;
	const ref = {kind: 'config', id, name} as const;
	const inverse = {type: 'apply', ref, patch: {data}} as const;
	return [{type: 'apply', ref, patch: {data: {[onlyFile]: part.content ?? ''}}, ifRevision: revision, inverse}];
}

/** All of its services, as one. */
function progressOf(world: World, project: Project): Progress {
	const all = project.services.flatMap(({name}) => {
		const service = world.services.find(one => one.name === name && stackOf(one.spec.labels) === project.name);
		return service === undefined ? [] : [serviceProgress(world, service)];
	});
	const gone = leftOver(world, project).filter(({removing}) => removing);
	const removals = gone.map(service => removalProgress(world, service));
	return jointProgress([...all, ...removals], project.services.length - all.length);
}
