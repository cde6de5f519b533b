import {ClusterError} from '../../../core/error.ts';
import type {FileAttachment, InstanceTemplate, Mount} from '../../../core/model/index.ts';
import {memoryQuantity} from '../wire/quantity.ts';
import type {WireContainer} from '../wire/wire.ts';
import type {Json} from './json.ts';

/** One volume of a pod and where its container finds it. */
type Attached = {readonly target: string; readonly source: Json; readonly readOnly: boolean};

export type VolumesPatch = {readonly volumes: readonly Json[]; readonly volumeMounts: readonly Json[]};

/** What of mounts, configs and secrets differs; lists of Kubernetes' that merge by name and by path. */
export function volumesPatch(
	before: InstanceTemplate,
	after: InstanceTemplate,
	live: WireContainer | undefined,
): VolumesPatch | undefined {
	if ((after.networks ?? []).length > 0) {
		throw new ClusterError('unsupported', '--network: in Kubernetes every pod reaches every other; see NetworkPolicy');
	}

	const [was, is] = [attachedOf(before), attachedOf(after)];
	const print = (one: Attached) => JSON.stringify(one);
	const gone = was.filter(one => !is.some(other => other.target === one.target));
	const changed = is.filter(one => !was.some(other => print(other) === print(one)));
	if (gone.length === 0 && changed.length === 0) return undefined;
	const liveName = (target: string) => live?.volumeMounts?.find(({mountPath}) => mountPath === target)?.name;
	const dropped = [...gone, ...changed].flatMap(({target}) => liveName(target) ?? []);
	const named = changed.map(one => ({...one, name: nameOf(one.target)}));
	return {
		volumes: [
			...named.map(({name, source}) => ({name, ...source, $patch: 'replace'})),
			...dropped.filter(name => !named.some(one => one.name === name)).map(name => ({name, $patch: 'delete'})),
		],
		volumeMounts: [
			...named.map(({name, target, readOnly}) => ({name, mountPath: target, ...(readOnly && {readOnly})})),
			...gone.map(({target}) => ({mountPath: target, $patch: 'delete'})),
		],
	};
}

function attachedOf({mounts = [], configs = [], secrets = []}: InstanceTemplate): Attached[] {
	return [
		...mounts.map(mount => ({target: mount.target, source: volumeOf(mount), readOnly: mount.readOnly ?? false})),
		...configs.map(config => ({
			target: folderOf(config, 'configs'),
			source: {configMap: {name: config.source, ...modeOf(config)}},
			readOnly: true,
		})),
		...secrets.map(secret => ({
			target: folderOf(secret, 'secrets'),
			source: {secret: {secretName: secret.source, ...modeOf(secret)}},
			readOnly: true,
		})),
	];
}

function volumeOf({type, source, target, sizeBytes, perSlot}: Mount): Json {
	if (!target.startsWith('/')) {
		throw new ClusterError('unsupported', `--mount target=${target}: Kubernetes wants a path that begins with "/"`);
	}

	if (perSlot) {
		throw new ClusterError('unsupported', '--mount with a volume for each slot: that is what a StatefulSet is for');
	}

	if (type === 'bind') return {hostPath: {path: source}};
	if (type === 'volume' && source !== undefined) return {persistentVolumeClaim: {claimName: source}};
	const limit = sizeBytes === undefined ? {} : {sizeLimit: memoryQuantity(sizeBytes)};
	return {emptyDir: type === 'tmpfs' ? {medium: 'Memory', ...limit} : limit};
}

/** Every file of a ConfigMap or Secret lies in a folder of its own. */
function folderOf({source, target}: FileAttachment, kind: 'configs' | 'secrets'): string {
	return target?.startsWith('/') ? target : `/run/${kind}/${target ?? source}`;
}

function modeOf({mode}: FileAttachment): Json {
	return mode === undefined ? {} : {defaultMode: mode};
}

/** A DNS label made from a path. */
function nameOf(target: string): string {
	const plain = target
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '');
	let hash = 0;
	for (const letter of target) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
	return `${plain.slice(0, 40)}-${hash.toString(36)}`.replace(/^-/, '');
}
