import type {Instant, Meta} from '../../../core/model/index.ts';
import {instantOf, type WireMeta, type WireOwner} from '../wire/wire.ts';

/** Annotations and labels that muster itself writes. */
export const own = {
	/** On the pods of what muster has made: what their workload selects them by. */
	selectorLabel: 'app',
	managedByLabel: 'app.kubernetes.io/managed-by',
	managedBy: 'muster',
	/** On a pod template: raised to replace every pod. */
	forceUpdate: 'muster/force-update',
	/** On a node: a drain is asked for; its value says until when, or is empty. */
	drain: 'muster/drain',
} as const;

export function metaOf(wire: WireMeta, revision: string, updatedAt?: Instant): Meta & {readonly scope?: string} {
	const createdAt = instantOf(wire.creationTimestamp) ?? 0;
	return {
		id: wire.uid,
		name: wire.name,
		...(wire.namespace === undefined ? {} : {scope: wire.namespace}),
		revision,
		createdAt,
		updatedAt: updatedAt ?? createdAt,
	};
}

export function controllerOf({ownerReferences = []}: WireMeta): WireOwner | undefined {
	return ownerReferences.find(({controller}) => controller) ?? ownerReferences[0];
}

/**
 * What a later write is held against: it fails when what people ask for has changed, not when only the status has. So a
 * revision carries, behind the server's version, a print of the spec.
 */
export function revisionOf(resourceVersion: string, spec: unknown): string {
	return `${resourceVersion}-${printOf(JSON.stringify(spec))}`;
}

export function specPrintOf(revision: string): string | undefined {
	return revision.split('-')[1];
}

/** FNV-1a over 32 bits, twice with different starts. */
export function printOf(text: string): string {
	let a = 0x811c9dc5;
	let b = 0x01000193;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		a = Math.imul(a ^ code, 0x01000193);
		b = Math.imul(b ^ code, 0x5bd1e995);
	}

	return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

/** As people gave them: muster's own mark is none of them. */
export function labelsOf({labels = {}}: WireMeta): Readonly<Record<string, string>> {
	const {[own.managedByLabel]: managedBy, ...others} = labels;
	return managedBy === own.managedBy ? others : labels;
}
