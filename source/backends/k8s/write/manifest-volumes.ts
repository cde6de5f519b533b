import {ClusterError} from '../../../core/error.ts';
import type {InstanceTemplate, Mount} from '../../../core/model/index.ts';
import {memoryQuantity} from '../wire/quantity.ts';
import type {WirePodSpec} from '../wire/wire.ts';
import type {Json} from './json.ts';
import {type Attached, attachedFiles} from './manifest-files.ts';

export type VolumesPatch = {readonly volumes: readonly Json[]; readonly volumeMounts: readonly Json[]};

/** What of mounts, configs and secrets differs; lists of Kubernetes' that merge by name and by path. */
export function volumesPatch(
	before: InstanceTemplate,
	after: InstanceTemplate,
	live: WirePodSpec | undefined,
): VolumesPatch | undefined {
	if ((after.networks ?? []).length > 0) {
		throw new ClusterError('unsupported', '--network: in Kubernetes every pod reaches every other; see NetworkPolicy');
	}

	const [was, is] = [attachedOf(before), attachedOf(after)];
	const print = (one: Attached) => JSON.stringify(one);
	const gone = was.filter(one => !is.some(other => other.target === one.target));
	const changed = is.filter(one => !was.some(other => print(other) === print(one)));
	if (gone.length === 0 && changed.length === 0) return undefined;
	const named = changed.map(one => ({...one, name: nameOf(one.target)}));
	const left = new Set([...gone, ...changed].map(({target}) => target));
	const dropped = unusedWithout(live, left).filter(name => !named.some(one => one.name === name));
	return {
		volumes: [
			// Of a volume of the same name what it was before goes.
			...named.map(({name, source}) => ({name, ...source, $retainKeys: ['name', ...Object.keys(source)]})),
			...dropped.map(name => ({name, $patch: 'delete'})),
		],
		volumeMounts: [
			...named.map(({name, target, readOnly, subPath}) => ({
				...{name, mountPath: target},
				...{readOnly: readOnly || null, subPath: subPath ?? null},
			})),
			...gone.map(({target}) => ({mountPath: target, $patch: 'delete'})),
		],
	};
}

/** The volumes that no container mounts any more, once the first one has nothing at these targets. */
function unusedWithout(live: WirePodSpec | undefined, targets: ReadonlySet<string>): readonly string[] {
	const [first, ...others] = live?.containers ?? [];
	const mounts = first?.volumeMounts ?? [];
	const further = [...others, ...(live?.initContainers ?? [])].flatMap(({volumeMounts = []}) => volumeMounts);
	const used = new Set([...mounts.filter(one => !targets.has(one.mountPath)), ...further].map(({name}) => name));
	const left = mounts.filter(({mountPath, name}) => targets.has(mountPath) && !used.has(name));
	return [...new Set(left.map(({name}) => name))];
}

function attachedOf(template: InstanceTemplate): readonly Attached[] {
	const mounts = (template.mounts ?? []).map(mount => ({
		...{target: mount.target, source: volumeOf(mount), readOnly: mount.readOnly ?? false},
	}));
	return [...mounts, ...attachedFiles(template)];
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
	const sizeLimit = sizeBytes === undefined ? null : memoryQuantity(sizeBytes);
	return {emptyDir: {medium: type === 'tmpfs' ? 'Memory' : null, sizeLimit}};
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
