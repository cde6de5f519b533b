import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Service, ServiceSpec} from '../../core/model/index.ts';
import {defineAction, type Input, type Step} from '../action.ts';
import {changeService, present} from '../change.ts';
import {integer, many, pair, record, text, toggle} from '../fields/fields.ts';
import {commandWords} from '../fields/shell.ts';
import {keepTag, noResolveImage} from '../image/image-fields.ts';
import {changedList, file, mount, network} from './attachments.ts';
import {containerChangeFields, containerFields} from './container-fields.ts';
import {containerPatch} from './container-patch.ts';
import {constraint, envPair} from './placement-fields.ts';
import {mergePorts, parsePort, port} from './ports.ts';
import {rolloutProgress} from './rollout-progress.ts';
import {serviceFields} from './service-fields.ts';
import {serviceNow, serviceTakesAway} from './service-now.ts';
import {checkService, servicePatch} from './service-patch.ts';

const fields = {
	image: text('Another image or executable', 'IMAGE', {names: 'image'}),
	args: text('Other command or arguments, as one text', 'COMMAND'),
	...serviceFields,
	maxConcurrent: integer('Job: at most so many at the same time; 0: all', {min: 0}),
	envAdd: {...many(envPair('As --env')), short: undefined},
	envRm: many(text('Take an environment variable away', 'KEY')),
	labelAdd: many(pair('As --label')),
	labelRm: many(text('Take a label away', 'KEY')),
	publishAdd: {...many(port('As --publish')), short: undefined},
	publishRm: many(text('No longer publish: PORT:TARGET, or a TARGET with all its ports', 'PORT')),
	networkAdd: many(network('As --network')),
	networkRm: many(text('Leave a network', 'NETWORK')),
	mountAdd: many(mount('As --mount')),
	mountRm: many(text('Take the mount at this target away', 'PATH')),
	configAdd: many(file('As --config', 'CONFIG')),
	configRm: many(text('Take a config away', 'CONFIG')),
	secretAdd: many(file('As --secret', 'SECRET')),
	secretRm: many(text('Take a secret away', 'SECRET')),
	constraintAdd: many(constraint('As --constraint')),
	constraintRm: many(constraint('Take a constraint away')),
	...containerChangeFields,
	canary: integer('Stop after so many instances, until `muster rollout promote` or `abort`', {min: 0, max: 100_000}),
	noResolveImage,
	force: toggle('Restart every instance although nothing else changes'),
};

export const updateService = defineAction({
	id: 'service.update',
	title: 'Change a service',
	on: 'service',
	fields,
	form: {
		now: serviceNow,
		takesAway: serviceTakesAway,
		hidden: [
			...Object.keys(fields).filter(name => /(Add|Rm|^noResolveImage)$/.test(name)),
			...Object.keys(containerFields),
		],
	},
	plan(_, target, input) {
		const service = present(target);
		const patch = updatePatch(service, input);
		if (Object.keys(patch).length === 0) {
			throw new ClusterError('usage', 'nothing to change: give at least one flag, such as --image or --env');
		}

		checkService(patch, service.spec);
		return [{...changeService(service, patch), ...keepTag(input)} as Step];
	},
	progress: rolloutProgress,
});

type UpdateInput = Input<typeof fields>;

function updatePatch(service: Service, input: UpdateInput): Patch<ServiceSpec> {
	const {spec} = service;
	const {template: shared, placement, ...rest} = servicePatch(input, spec.template.health);
	const template = {
		...shared,
		...(input.image === undefined ? {} : {image: input.image}),
		...(input.args === undefined ? {} : {command: commandWords('--args', input.args)}),
		...merged('env', input.env, input.envAdd, input.envRm),
		...attachments(service.spec.template, input),
		...containerPatch(input, spec.template),
	};
	const ports = portsOf(spec, input);
	const constraints = constraintsOf(spec, input);
	const whole = {
		...placement,
		...(constraints && {constraints}),
		...(input.placementPref && {preferences: input.placementPref}),
	};
	return {
		...rest,
		...merged('labels', input.label, input.labelAdd, input.labelRm),
		...(Object.keys(template).length > 0 && {template}),
		...(ports && {ports}),
		...(Object.keys(whole).length > 0 && {placement: whole}),
		...(input.maxConcurrent !== undefined && {maxConcurrent: input.maxConcurrent}),
		...(input.force && {forceUpdate: spec.forceUpdate + 1}),
		...canaryPatch(service, template, input),
	};
}

function attachments({networks, mounts, configs, secrets}: ServiceSpec['template'], input: UpdateInput) {
	const lists = {
		networks: changedList(networks, {
			flag: 'network',
			key: ({network}) => network,
			given: input.network,
			added: input.networkAdd,
			removed: input.networkRm,
		}),
		mounts: changedList(mounts, {
			flag: 'mount',
			key: ({target}) => target,
			given: input.mount,
			added: input.mountAdd,
			removed: input.mountRm,
		}),
		configs: changedList(configs, {
			flag: 'config',
			key: ({source}) => source,
			given: input.config,
			added: input.configAdd,
			removed: input.configRm,
		}),
		secrets: changedList(secrets, {
			flag: 'secret',
			key: ({source}) => source,
			given: input.secret,
			added: input.secretAdd,
			removed: input.secretRm,
		}),
	};
	return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}

/** Canaries are asked for with each change of the template; one without them takes it to all. */
function canaryPatch({spec}: Service, template: object, {canary, force, publish, publishAdd}: UpdateInput) {
	const isRenewed =
		Object.keys(template).length > 0 || force === true || publish !== undefined || publishAdd !== undefined;
	const wanted = canary ?? (isRenewed ? 0 : spec.canary);
	return wanted === spec.canary && canary === undefined ? {} : {canary: wanted};
}

type Pairs = ReadonlyArray<{readonly key: string; readonly value: string}>;

/** A map's patch: given ones are set, removed ones are null. */
function merged(name: string, given: Pairs = [], added: Pairs = [], removed: readonly string[] = []) {
	const gone = removed.map(key => [key, null] as const);
	const entries = {...Object.fromEntries(gone), ...record([...given, ...added])};
	return Object.keys(entries).length === 0 ? {} : {[name]: entries};
}

function portsOf({ports}: ServiceSpec, {publish = [], publishAdd = [], publishRm = []}: UpdateInput) {
	if (publish.length + publishAdd.length + publishRm.length === 0) {
		return undefined;
	}

	const kept = publishRm.reduce((left, text) => withoutPort(left, text), ports);
	return mergePorts(kept, [...publish, ...publishAdd]);
}

function withoutPort(ports: ServiceSpec['ports'], text: string): ServiceSpec['ports'] {
	const {published, target} = parsePort(text);
	const left = ports.filter(port => port.target !== target || (published !== 0 && port.published !== published));
	if (left.length === ports.length) {
		throw new ClusterError('usage', `--publish-rm: no published port fits ${JSON.stringify(text)}`);
	}

	return left;
}

function constraintsOf({placement}: ServiceSpec, input: UpdateInput): readonly string[] | undefined {
	const {constraint = [], constraintAdd = [], constraintRm = []} = input;
	if (constraint.length + constraintAdd.length + constraintRm.length === 0) {
		return undefined;
	}

	const kept = placement.constraints.filter(text => !constraintRm.includes(text));
	return [...new Set([...kept, ...constraint, ...constraintAdd])];
}
