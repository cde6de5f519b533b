import type {Cascade, Patch, Ref, WritableKind} from '../backend.ts';
import {mergePatch} from '../difference/merge-patch.ts';
import type {Config, NodeSpec, Secret, ServiceSpec} from '../model/index.ts';
import {serviceSpec} from '../spec/service-spec.ts';
import type {Preview} from './preview.ts';
import {previewContent} from './preview-content.ts';
import {previewCordon, previewUncordon} from './preview-cordon.ts';
import {previewCreate} from './preview-create.ts';
import {previewDrain} from './preview-drain.ts';
import {previewRemoveNode} from './preview-lost-node.ts';
import {previewRemove} from './preview-remove.ts';
import {previewUpdate} from './preview-update.ts';
import type {ClusterWorld} from './world.ts';

/** A write of a plan; the steps of actions are such. */
export type Write =
	| {readonly type: 'apply'; readonly ref: Ref<WritableKind>; readonly patch: object}
	| {readonly type: 'remove'; readonly ref: Ref; readonly cascade?: Cascade};

/** What a write brings; undefined where nothing that runs is concerned. */
export function previewWrite(world: ClusterWorld, write: Write): Preview | undefined {
	const {ref} = write;
	if (ref.kind === 'service') {
		return previewService(world, write);
	}

	if (ref.kind === 'config' || ref.kind === 'secret') {
		return previewFile(world, ref.kind, write);
	}

	return ref.kind === 'node' ? previewNode(world, write) : undefined;
}

/** New content of a config or secret that is there. */
function previewFile(world: ClusterWorld, kind: 'config' | 'secret', write: Write): Preview | undefined {
	const all: ReadonlyArray<Config | Secret> = (kind === 'config' ? world.configs : world.secrets) ?? [];
	const object = all.find(isMeant(write.ref));
	const isContent = write.type === 'apply' && 'data' in write.patch;
	return object !== undefined && isContent ? previewContent(world, object) : undefined;
}

function previewService(world: ClusterWorld, write: Write): Preview | undefined {
	const service = world.services.find(isMeant(write.ref));
	if (write.type === 'remove') {
		return service && previewRemove(world, service, write.cascade);
	}

	const patch: Patch<ServiceSpec> = write.patch;
	return service === undefined
		? previewCreate(world, write.ref.name, serviceSpec(patch))
		: previewUpdate(world, service, serviceSpec(patch, service.spec));
}

function previewNode(world: ClusterWorld, write: Write): Preview | undefined {
	const node = world.nodes.find(isMeant(write.ref));
	if (node === undefined || write.type === 'remove') {
		return node && previewRemoveNode(world, node);
	}

	const patch: Patch<NodeSpec> = write.patch;
	const spec = mergePatch<NodeSpec>(node.spec, patch);
	if (spec.availability === node.spec.availability) {
		return undefined;
	}

	const deadlineMs = spec.drainDeadlineAt === undefined ? undefined : spec.drainDeadlineAt - world.now;
	return {
		active: () => previewUncordon(world, node),
		cordoned: () => previewCordon(world, node),
		drained: () => previewDrain(world, node, deadlineMs),
	}[spec.availability]();
}

function isMeant({id, name}: Ref): (object: {readonly id: string; readonly name: string}) => boolean {
	return object => (id === undefined ? object.name === name : object.id === id);
}
