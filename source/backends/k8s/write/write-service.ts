import type {Cascade, Patch, Ref, WriteOptions} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Service, ServiceSpec} from '../../../core/model/index.ts';
import {refuse} from '../../../core/spec/check.ts';
import {checkName, checkServiceSpec, serviceSpec} from '../../../core/spec/service-spec.ts';
import type {KubeClient} from '../client.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath, objectPath, type Resource} from '../reading/resources.ts';
import {own, specPrintOf} from '../translate/translate-meta.ts';
import {keepWorkload, type WorkloadType} from '../translate/translate-workload.ts';
import {withQuery} from '../watch.ts';
import type {WireWorkload} from '../wire/wire.ts';
import {type Found, findWorkload, readWorkload, workloadResource} from './find-workload.ts';
import {newService, newWorkload, servicePorts, workloadPatch} from './manifest.ts';
import {isSame} from './manifest-template.ts';
import {withFiles} from './used-objects.ts';
import {typeFor} from './workload-kind.ts';
import {refusePolicy, writeAutoscaler} from './write-autoscale.ts';
import {refuseRules, removeIngress, writeIngress} from './write-ingress.ts';
import {ifThere, manager, propagations, type Writing} from './writing.ts';

const maxTries = 5;

export async function applyService(
	writing: Writing,
	ref: Ref<'service'>,
	patch: Patch<ServiceSpec>,
	options: WriteOptions,
): Promise<Service> {
	return options.create ? createService(writing, ref, patch) : changeService(writing, ref, patch, options);
}

async function createService(writing: Writing, ref: Ref<'service'>, patch: Patch<ServiceSpec>): Promise<Service> {
	const asked = serviceSpec(patch);
	refuse([...checkName(ref.name), ...checkSpec(asked)]);
	refusePolicy(asked);
	refuseRules(asked);
	const {client, namespace} = writing;
	const scope = ref.scope ?? namespace;
	const type = typeFor(asked);
	const spec = await withFiles(client, scope, asked);
	const workload = newWorkload(ref.name, spec, {hasUpdatePolicy: patch.update !== undefined});
	const service = spec.ports.length > 0 ? newService(ref.name, spec, {[own.selectorLabel]: ref.name}) : undefined;
	const made = await post<WireWorkload>(client, workloadResource(type), scope, workload);
	if (service !== undefined) {
		try {
			await post(client, partResources.services as never, scope, service);
			await writeIngress(writing, {scope, name: ref.name, before: undefined}, spec);
		} catch (thrown) {
			// Half a service is none.
			await client.text({...deletion(type, scope, ref.name, 'background'), method: 'DELETE'});
			await ifThere(
				client.text({method: 'DELETE', path: objectPath(partResources.services as never, scope, ref.name)}),
			);
			throw thrown;
		}
	}

	if (spec.autoscale) {
		const asMade = {spec: serviceSpec({mode: spec.mode})} as Service;
		await writeAutoscaler(writing, {type, scope, wire: made, service: asMade}, spec);
	}

	return settled(writing, type, scope, made);
}

/** A job here may be suspended; elsewhere there is nothing to pause. */
function checkSpec(spec: ServiceSpec) {
	return checkServiceSpec(spec.mode === 'job' ? {...spec, paused: false} : spec);
}

function post<T>(client: KubeClient, resource: Resource<never, unknown>, scope: string, object: unknown): Promise<T> {
	const body = {type: 'application/json', text: JSON.stringify(object)};
	return client.json<T>({method: 'POST', path: withQuery(collectionPath(resource, scope), manager), body});
}

/** Read again once its controller has seen it, which gives a new template its number. */
async function settled(writing: Writing, type: WorkloadType, scope: string, made: WireWorkload): Promise<Service> {
	const generation = made.metadata.generation ?? 0;
	for (let tries = 0; ; tries++) {
		const found = await readWorkload(writing.client, type, scope, made.metadata.name);
		if (found === undefined) throw new ClusterError('conflict', `${made.metadata.name} was removed meanwhile`);
		const isSeen = (found.wire.status?.observedGeneration ?? 0) >= generation && found.service.version > 0;
		if (type === 'job' || type === 'cronjob' || isSeen || tries === 20) return found.service;
		await writing.rest(20 + tries * 10);
	}
}

async function changeService(
	writing: Writing,
	ref: Ref<'service'>,
	patch: Patch<ServiceSpec>,
	{ifRevision}: WriteOptions,
): Promise<Service> {
	for (let tries = 1; ; tries++) {
		const found = await findWorkload(writing, ref);
		refuseOlder(found.service, ifRevision);
		const before = found.service.spec;
		const asked = serviceSpec(patch, before);
		refuse(checkSpec(asked));
		refusePolicy(asked);
		refuseRules(asked);
		if (asked.mode !== before.mode) {
			throw new ClusterError('conflict', `${ref.name} is a ${before.mode} service and stays one`);
		}

		const after = await withFiles(writing.client, found.scope, asked, before);

		try {
			const written = await write(writing, found, after);
			return await settled(writing, found.type, found.scope, written);
		} catch (thrown) {
			// The status has moved on since it was read; what people ask for is looked at again.
			if (toClusterError(thrown).code !== 'conflict' || tries === maxTries) throw thrown;
		}
	}
}

/** Somebody asked for something else since. */
export function refuseOlder(
	{name, revision}: {readonly name: string; readonly revision: string},
	asked?: string,
): void {
	if (asked !== undefined && specPrintOf(asked) !== specPrintOf(revision)) {
		throw new ClusterError('conflict', `${name} was changed by someone else meanwhile`, {
			hint: 'Look again and repeat it.',
		});
	}
}

async function write(writing: Writing, found: Found, after: ServiceSpec): Promise<WireWorkload> {
	const {client} = writing;
	const {type, scope, wire, service} = found;
	const {name, resourceVersion} = wire.metadata;
	const path = objectPath(workloadResource(type), scope, name);
	const podSpec = (type === 'cronjob' ? wire.spec?.jobTemplate?.spec?.template : wire.spec?.template)?.spec;
	const patch = workloadPatch(type, service.spec, after, {name, podSpec});
	if (type === 'job' && (patch.spec as {template?: unknown} | undefined)?.template !== undefined) {
		throw new ClusterError('unsupported', `${name} is a Job, which runs once: what it runs cannot be changed`, {
			hint: 'Remove it and create it anew.',
		});
	}

	if (!isSame(plain(service.spec.ports), plain(after.ports))) await writePorts(client, found, after);
	await writeIngress(writing, {scope, name, before: service.spec}, after);
	await writeAutoscaler(writing, found, after);
	const spec = (patch.spec ?? {}) as Record<string, unknown>;
	const isScale = patch.metadata === undefined && Object.keys(spec).join() === 'replicas';
	if (isScale) {
		const text = JSON.stringify({metadata: {resourceVersion}, spec});
		const body = {type: 'application/merge-patch+json', text};
		await client.json({method: 'PATCH', path: withQuery(`${path}/scale`, manager), body});
		return client.json<WireWorkload>({path});
	}

	if (Object.keys(patch).length === 0) return wire;
	const text = JSON.stringify({...patch, metadata: {...(patch.metadata as object), resourceVersion}});
	const body = {type: 'application/strategic-merge-patch+json', text};
	return client.json<WireWorkload>({method: 'PATCH', path: withQuery(path, manager), body});
}

/** As the Service has them, whatever leads to it. */
function plain(ports: ServiceSpec['ports']): ServiceSpec['ports'] {
	return ports.map(({http: _, tls: __, ...port}) => port);
}

async function writePorts(client: KubeClient, {scope, wire, ports, type}: Found, after: ServiceSpec): Promise<void> {
	const {name} = wire.metadata;
	const path = objectPath(partResources.services as never, scope, name);
	if (after.ports.length === 0) {
		await client.text({method: 'DELETE', path});
	} else if (ports === undefined) {
		const selector = keepWorkload(type, wire).podLabels;
		await post(client, partResources.services as never, scope, newService(name, after, selector));
	} else {
		const text = JSON.stringify({spec: {ports: servicePorts(after.ports)}});
		const body = {type: 'application/merge-patch+json', text};
		await client.text({method: 'PATCH', path: withQuery(path, manager), body});
	}
}

function deletion(type: WorkloadType, scope: string, name: string, cascade: Cascade, preconditions?: object) {
	const options = {kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: propagations[cascade], preconditions};
	const body = {type: 'application/json', text: JSON.stringify(options)};
	return {path: objectPath(workloadResource(type), scope, name), body};
}

/**
 * The workload goes when its pods have gone, if nothing else was asked for; the Service with its name, which muster or `expose`
 * has made, at once, but where the pods live on.
 */
export async function removeService(
	writing: Writing,
	ref: Ref,
	{ifRevision, cascade = 'foreground'}: WriteOptions,
): Promise<void> {
	for (let tries = 1; ; tries++) {
		const found = await findWorkload(writing, ref);
		refuseOlder(found.service, ifRevision);
		const {uid, resourceVersion, name} = found.wire.metadata;
		const preconditions = {uid, ...(ifRevision !== undefined && {resourceVersion})};
		try {
			const request = deletion(found.type, found.scope, name, cascade, preconditions);
			await writing.client.text({...request, method: 'DELETE'});
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict' || tries === maxTries) throw thrown;
			continue;
		}

		if (cascade !== 'orphan' && found.ports?.metadata.labels?.[own.managedByLabel] === own.managedBy) {
			const path = objectPath(partResources.services as never, found.scope, name);
			await ifThere(writing.client.text({method: 'DELETE', path}));
			await removeIngress(writing, found.scope, name);
		}

		return;
	}
}
