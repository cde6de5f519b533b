import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type {FileAttachment, Mount} from '../../../../core/model/index.ts';
import type {EnvReference} from '../../../../core/spec/env-template.ts';
import type {Assignment, DeliveredFile} from '../../../../orchestrator/fleet.ts';
import type {Home, InstancePaths} from '../../home.ts';
import {prepareFolder} from '../../system/folder.ts';
import {secretFolder} from '../../system/secret-folder.ts';
import {resolveUser, type User} from './user.ts';

/** The places of what an instance is given besides its command. */
export type Places = {
	readonly configs: string;
	readonly secrets: string;
	/** Secrets reach no disk. */
	readonly isInMemory: boolean;
	/** Temporary folders in memory. */
	readonly memory: string;
	/** Temporary folders on disk. */
	readonly temporary: string;
};

/** Something to be seen at another place by the instance alone. */
export type Bind =
	| {readonly type: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean}
	| {readonly type: 'tmpfs'; readonly target: string; readonly sizeBytes?: number};

/** Files whose place is an absolute path lie here under their number. */
const absolute = '.absolute';

/** Whose files these are. */
type NodeHome = {readonly home: Home; readonly nodeName: string};

type Subject = {readonly assignment: Assignment; readonly paths: Pick<InstancePaths, 'folder' | 'work'>};

export function hasAttachments({template}: Pick<Assignment, 'template'>): boolean {
	const {mounts = [], configs = [], secrets = []} = template;
	return mounts.length + configs.length + secrets.length > 0;
}

export function placesOf({home, nodeName}: NodeHome, {assignment, paths}: Subject): Places {
	const {folder, isInMemory} = secretFolder(home);
	const own = path.join(folder, nodeName, assignment.instanceId);
	return {
		configs: path.join(paths.folder, 'configs'),
		secrets: path.join(own, 'files'),
		isInMemory,
		memory: path.join(own, 'memory'),
		temporary: path.join(paths.folder, 'temporary'),
	};
}

/** The file that holds a config or secret, wherever the instance finds it. */
function fileOf(folder: string, {target, source}: FileAttachment, index: number): string {
	const place = target ?? source;
	return path.isAbsolute(place) ? path.join(folder, absolute, String(index)) : path.join(folder, place);
}

/**
 * Writes what was delivered, each file whole by a rename. Answers with the signals that a change asks for. Throws a sentence
 * when something that the instance is to be given is not among it.
 */
export function writeFiles(
	context: NodeHome,
	subject: Subject,
	delivered: readonly DeliveredFile[],
): readonly string[] {
	const {template} = subject.assignment;
	const places = placesOf(context, subject);
	const user = resolveUser(template.user);
	const signals = new Set<string>();
	for (const kind of ['config', 'secret'] as const) {
		const files = (kind === 'config' ? template.configs : template.secrets) ?? [];
		const folder = kind === 'config' ? places.configs : places.secrets;
		if (files.length > 0) {
			prepareOwned(folder, user);
		}

		for (const [index, file] of files.entries()) {
			const found = delivered.find(one => one.kind === kind && one.source === file.source);
			if (!found) {
				const version = file.version === undefined ? '' : ` in version ${file.version}`;
				throw new Error(`there is no ${kind} ${file.source}${version} any more`);
			}

			const mode = file.mode ?? (kind === 'config' ? 0o444 : 0o400);
			const isChanged = writeFile(fileOf(folder, file, index), Buffer.from(found.base64, 'base64'), mode, file, user);
			if (isChanged && file.onChange?.startsWith('SIG')) {
				signals.add(file.onChange);
			}
		}
	}

	return [...signals];
}

/** The user may go in; nobody else. */
function prepareOwned(folder: string, user: User | undefined): void {
	prepareFolder(folder);
	if (user) {
		chownSync(folder, user.uid, user.gid);
		letThrough(path.dirname(folder));
	}
}

/** Folders above belong to muster; another user may pass through by name, and list nothing. */
function letThrough(folder: string): void {
	for (let at = folder; path.basename(at) !== ''; at = path.dirname(at)) {
		const {uid, mode} = statSync(at);
		if (uid !== process.getuid?.() || (mode & 0o001) !== 0) {
			return;
		}

		chmodSync(at, (mode & 0o777) | 0o011);
	}
}

function writeFile(
	file: string,
	content: Buffer,
	mode: number,
	{uid, gid}: FileAttachment,
	user: User | undefined,
): boolean {
	mkdirSync(path.dirname(file), {recursive: true, mode: 0o711});
	if (existsSync(file) && readFileSync(file).equals(content)) {
		return false;
	}

	const fresh = `${file}.new`;
	rmSync(fresh, {force: true});
	writeFileSync(fresh, content, {mode: 0o600});
	const owner =
		uid === undefined && gid === undefined ? user : resolveUser(`${uid ?? user?.uid ?? 0}:${gid ?? user?.gid ?? 0}`);
	if (owner) {
		chownSync(fresh, owner.uid, owner.gid);
	}

	chmodSync(fresh, mode);
	renameSync(fresh, file);
	return true;
}

/** The text of a config or secret for an environment variable. Throws a sentence. */
export function contentOf(context: NodeHome, subject: Subject, {kind, name}: EnvReference): string {
	const {template} = subject.assignment;
	const places = placesOf(context, subject);
	const files = (kind === 'config' ? template.configs : template.secrets) ?? [];
	const index = files.findIndex(({source}) => source === name);
	const file = files[index];
	const found = file && fileOf(kind === 'config' ? places.configs : places.secrets, file, index);
	if (!found || !existsSync(found)) {
		throw new Error(`a variable names the ${kind} ${name}, which is not there`);
	}

	// A line break at the end is the editor's, not the value's.
	return readFileSync(found, 'utf8').replace(/\r?\n$/, '');
}

/** Makes the folders of mounts, and links to those that have their place below the working folder. */
export function prepareMounts(context: NodeHome, subject: Subject): void {
	const {assignment, paths} = subject;
	const user = resolveUser(assignment.template.user);
	for (const [index, mount] of (assignment.template.mounts ?? []).entries()) {
		const source = sourceOf(context, subject, mount, index);
		if (mount.type === 'bind') {
			if (!existsSync(source)) {
				throw new Error(`no such folder: ${source}`);
			}
		} else if (!existsSync(source)) {
			mkdirSync(source, {recursive: true, mode: 0o700});
			if (user) {
				chownSync(source, user.uid, user.gid);
				letThrough(path.dirname(source));
			}
		}

		if (!path.isAbsolute(mount.target)) {
			const link = path.join(paths.work, mount.target);
			mkdirSync(path.dirname(link), {recursive: true, mode: 0o700});
			rmSync(link, {force: true});
			symlinkSync(source, link);
		}
	}
}

function sourceOf(context: NodeHome, subject: Subject, mount: Mount, index: number): string {
	const {type, source, perSlot} = mount;
	const {slot, volumes = {}} = subject.assignment;
	const places = placesOf(context, subject);
	if (type === 'tmpfs') {
		return path.join(places.memory, String(index));
	}

	if (source === undefined) {
		return path.join(places.temporary, String(index));
	}

	if (type === 'bind') {
		return source;
	}

	const folder = volumes[source];
	if (folder === undefined) {
		throw new Error(`there is no volume ${source} any more`);
	}

	return perSlot
		? path.join(folder, 'slots', slot === 0 ? subject.assignment.instanceName : String(slot))
		: path.join(folder, 'shared');
}

/** What has its place at an absolute path: only a mount namespace of its own can show it there. */
export function bindsOf(
	context: NodeHome,
	subject: Subject,
	place: (kind: 'configs' | 'secrets' | 'mounts', target: string) => string = (_, target) => target,
): readonly Bind[] {
	const {template} = subject.assignment;
	const places = placesOf(context, subject);
	const mounts = (template.mounts ?? []).flatMap((mount, index): Bind[] => {
		const {readOnly = false, type, sizeBytes} = mount;
		const target = place('mounts', mount.target);
		if (!path.isAbsolute(target)) {
			return [];
		}

		return type === 'tmpfs'
			? [{type, target, ...(sizeBytes !== undefined && {sizeBytes})}]
			: [{type: 'bind', source: sourceOf(context, subject, mount, index), target, readOnly}];
	});
	const files = (['configs', 'secrets'] as const).flatMap(kind =>
		(template[kind] ?? []).flatMap((file, index): Bind[] => {
			const target = place(kind, file.target ?? file.source);
			return path.isAbsolute(target)
				? [{type: 'bind', source: fileOf(places[kind], file, index), target, readOnly: true}]
				: [];
		}),
	);
	return [...mounts, ...files];
}

/** Where an instance finds what it is given. */
export function attachmentVariables(context: NodeHome, subject: Subject): Readonly<Record<string, string>> {
	const {template} = subject.assignment;
	const places = placesOf(context, subject);
	const volumes = (template.mounts ?? []).flatMap((mount, index) =>
		mount.type === 'volume' && mount.source
			? [[`MUSTER_VOLUME_${variableName(mount.source)}`, sourceOf(context, subject, mount, index)] as const]
			: [],
	);
	return {
		...(template.configs?.length ? {MUSTER_CONFIGS: places.configs} : {}),
		...(template.secrets?.length ? {MUSTER_SECRETS: places.secrets} : {}),
		...Object.fromEntries(volumes),
	};
}

export function variableName(name: string): string {
	return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** Secrets of an instance that has ended are of use to nobody. */
export function removeSecretsOf(context: NodeHome, instanceId: string): void {
	rmSync(path.join(secretFolder(context.home).folder, context.nodeName, instanceId), {recursive: true, force: true});
}
