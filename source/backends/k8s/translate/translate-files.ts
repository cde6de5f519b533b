import type {FileAttachment} from '../../../core/model/index.ts';
import type {WirePodTemplate} from '../wire/wire.ts';
import type {WireMount, WireVolume} from '../wire/wire-volumes.ts';
import {printOf} from './translate-meta.ts';

export type FileKind = 'config' | 'secret';

const maxAnnotation = 63;

/** On a pod template: with which version of a config or secret its pods began. Their one file of it is never written anew. */
export function versionAnnotation(kind: FileKind, name: string): string {
	const short = name.length > maxAnnotation ? `${name.slice(0, 40)}.${printOf(name)}` : name;
	return `${kind}.muster/${short}`;
}

/** On a config or secret: counts its contents, from 1, as far as muster has written them. */
export const contentVersion = 'muster/version';

export function versionOf(annotations: Readonly<Record<string, string>> = {}, name = contentVersion): number {
	const version = Number(annotations[name]);
	return Number.isSafeInteger(version) && version > 0 ? version : 1;
}

/** What the server sets where nothing was asked. */
const usualMode = 0o644;

/** A config or secret that is mounted: one file of it, or all as a folder. Undefined: the volume is something else. */
export function fileOf(
	{configMap, secret}: WireVolume,
	{mountPath, subPath}: WireMount,
	template: WirePodTemplate | undefined,
): {readonly kind: FileKind; readonly file: FileAttachment} | undefined {
	const kind = configMap?.name ? 'config' : 'secret';
	const source = configMap?.name ?? secret?.secretName;
	if (!source) return undefined;
	const {items, defaultMode = usualMode} = configMap ?? secret ?? {};
	const usual = defaultMode === usualMode ? {} : {mode: defaultMode};
	if (!subPath) return {kind, file: {source, target: mountPath, ...usual}};
	const item = items?.find(({path}) => path === subPath);
	const version = versionOf(template?.metadata?.annotations, versionAnnotation(kind, source));
	const mode = item?.mode === undefined ? usual : {mode: item.mode};
	return {kind, file: {source, key: item?.key ?? subPath, target: mountPath, ...mode, version}};
}
