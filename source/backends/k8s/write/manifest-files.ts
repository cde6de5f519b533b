import {ClusterError} from '../../../core/error.ts';
import type {FileAttachment, InstanceTemplate} from '../../../core/model/index.ts';
import {type FileKind, versionAnnotation} from '../translate/translate-files.ts';
import type {Json} from './json.ts';

/** One volume of a pod and where its container finds it. */
export type Attached = {
	readonly target: string;
	readonly source: Json;
	readonly readOnly: boolean;
	/** Only this of the volume. */
	readonly subPath?: string;
};

const members = {config: 'configs', secret: 'secrets'} as const;

/** Of files of one config or secret each is a volume of its own, so that each has its mode. */
export function attachedFiles(template: InstanceTemplate): readonly Attached[] {
	return (['config', 'secret'] as const).flatMap(kind =>
		(template[members[kind]] ?? []).map(file => ({
			target: targetOf(file, kind),
			source: kind === 'config' ? {configMap: volumeOf(file, kind)} : {secret: volumeOf(file, kind)},
			readOnly: true,
			...(file.key !== undefined && {subPath: file.key}),
		})),
	);
}

/** A member that is null is taken away of what was there. */
function volumeOf({source, key, mode}: FileAttachment, kind: FileKind): Json {
	const name = kind === 'config' ? {name: source} : {secretName: source};
	if (key === undefined) return {...name, items: null, defaultMode: mode ?? null};
	return {...name, items: [{key, path: key, ...(mode !== undefined && {mode})}], defaultMode: null};
}

/** One file lies where docker has it; a folder of all files in a place of its own. */
export function targetOf({source, key, target = source}: FileAttachment, kind: FileKind): string {
	if (target.startsWith('/')) return target;
	if (key === undefined) return `/run/${members[kind]}/${target}`;
	return kind === 'config' ? `/${target}` : `/run/secrets/${target}`;
}

/** With which versions pods of this template begin: another one makes other pods. Undefined: nothing differs. */
export function versionsPatch(before: InstanceTemplate, after: InstanceTemplate): Json | undefined {
	const [was, is] = [versionsOf(before), versionsOf(after)];
	const changed = [...is].filter(([name, version]) => (was.get(name) ?? 1) !== version);
	const gone = [...was.keys()].filter(name => !is.has(name));
	const patch = [
		...changed.map(([name, version]) => [name, String(version)] as const),
		...gone.map(name => [name, null] as const),
	];
	return patch.length === 0 ? undefined : Object.fromEntries(patch);
}

function versionsOf(template: InstanceTemplate): ReadonlyMap<string, number> {
	const found = (['config', 'secret'] as const).flatMap(kind =>
		(template[members[kind]] ?? []).flatMap(({source, key, version}) =>
			key === undefined || version === undefined ? [] : [[versionAnnotation(kind, source), version] as const],
		),
	);
	return new Map(found);
}

/** What a volume of Kubernetes' has no place for. */
export function refuseFiles({configs = [], secrets = []}: InstanceTemplate): void {
	for (const [flag, files] of [['config', configs] as const, ['secret', secrets] as const]) {
		for (const {source, uid, gid, onChange} of files) {
			const refuse = (what: string, why: string) => {
				throw new ClusterError('unsupported', `--${flag} source=${source},${what}: ${why}`);
			};
			if (uid !== undefined) refuse(`uid=${uid}`, 'in Kubernetes root owns such files; mode says who may read them');
			if (gid !== undefined) refuse(`gid=${gid}`, 'in Kubernetes root owns such files; mode says who may read them');
			if (onChange !== undefined && onChange !== 'update') {
				refuse(
					`on-change=${onChange.replace(/^SIG/, '')}`,
					'in Kubernetes a file that a pod has is never written anew: new content makes new pods',
				);
			}
		}
	}
}
