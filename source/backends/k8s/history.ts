import type {Ref} from '../../core/backend.ts';
import {mergePatch} from '../../core/difference/merge-patch.ts';
import type {ServiceVersion} from '../../core/model/index.ts';
import {serviceSpec} from '../../core/spec/service-spec.ts';
import {partResources} from './reading/parts.ts';
import {collectionPath} from './reading/resources.ts';
import {own} from './translate/translate-meta.ts';
import {templateOf} from './translate/translate-template.ts';
import {rolloutRevision} from './translate/translate-workload.ts';
import {instantOf, type WireList, type WireObject, type WirePodTemplate, type WireWorkload} from './wire/wire.ts';
import {type Found, findWorkload} from './write/find-workload.ts';
import type {Writing} from './write/writing.ts';

type Kept = {
	readonly version: number;
	readonly template: WirePodTemplate;
	readonly wire: WireObject;
	readonly instances: number;
};
type WireRevision = WireObject & {
	readonly revision?: number;
	readonly data?: {readonly spec?: {readonly template?: WirePodTemplate}};
};

/** What the controllers keep: a Deployment its old ReplicaSets, the others their ControllerRevisions. The newest first. */
export async function readHistory(writing: Writing, ref: Ref<'service'>): Promise<readonly ServiceVersion[]> {
	const found = await findWorkload(writing, ref);
	const {service} = found;
	const kept = await keptVersions(writing, found);
	return kept
		.toSorted((a, b) => b.version - a.version)
		.map(({version, template, wire, instances}) => {
			const spec = serviceSpec({mode: service.spec.mode, template: templateOf(template)});
			const createdAt = instantOf(wire.metadata.creationTimestamp);
			return {
				version,
				...(createdAt === undefined ? {} : {createdAt}),
				isCurrent: version === service.version,
				instances,
				spec: {
					template: mergePatch(spec.template, {}),
					ports: service.spec.ports,
					forceUpdate: Number(template.metadata?.annotations?.[own.forceUpdate] ?? 0) || 0,
				},
			};
		});
}

async function keptVersions({client}: Writing, {type, scope, wire}: Found): Promise<Kept[]> {
	const isOwn = ({metadata}: WireObject) => metadata.ownerReferences?.some(({uid}) => uid === wire.metadata.uid);
	if (type === 'deployment') {
		const path = collectionPath(partResources.replicasets as never, scope);
		const {items} = await client.json<WireList<WireWorkload>>({path});
		return (items ?? []).filter(isOwn).flatMap(one => {
			const version = Number(one.metadata.annotations?.[rolloutRevision]);
			const template = one.spec?.template;
			return template && version > 0 ? [{version, template, wire: one, instances: one.status?.replicas ?? 0}] : [];
		});
	}

	const path = collectionPath(partResources.revisions as never, scope);
	const {items} = await client.json<WireList<WireRevision>>({path});
	return (items ?? []).filter(isOwn).flatMap(one => {
		const template = one.data?.spec?.template;
		const isPresent = one.metadata.name === wire.status?.updateRevision;
		const instances = isPresent ? (wire.status?.updatedReplicas ?? 0) : 0;
		return template ? [{version: one.revision ?? 0, template, wire: one, instances}] : [];
	});
}
