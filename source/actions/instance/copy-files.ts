import type {Backend, FilesFacet, Ref} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import {type Action, defineAction} from '../action.ts';
import {present, scopeOf} from '../change.ts';
import {text} from '../fields/fields.ts';
import {quote} from '../fields/shell.ts';
import type {LocalFiles, Unpacked} from './local-files.ts';

/** Files in an instance. */
export type Place = {
	readonly instance: Ref<'instance'>;
	readonly path: string;
	readonly container?: string | undefined;
};

type Copied = {readonly files: number; readonly bytes: number};

/** From this machine into an instance, as docker's and kubectl's cp: a folder that is there gets it, else that is its name. */
export async function copyIn(
	there: FilesFacet,
	here: LocalFiles,
	source: string,
	{instance, path, container}: Place,
	signal?: AbortSignal,
): Promise<Copied> {
	const from = here.resolve(source);
	const kind = await here.stat(from);
	if (kind === undefined) {
		throw new ClusterError('not-found', `there is no file ${from}`);
	}

	const found = await there.stat(instance, path, {container, signal});
	const to = destination({source, kind}, {path, kind: found});
	if (found === undefined) {
		const parent = await there.stat(instance, to.folder, {container, signal});
		if (parent !== 'folder') {
			throw new ClusterError('not-found', `${instance.name} has no folder ${to.folder}`);
		}
	}

	let files = 0;
	let bytes = 0;
	const archive = here.pack(from, to.name, size => {
		files++;
		bytes += size;
	});
	await there.write(instance, to.folder, archive, {container, signal});
	return {files, bytes};
}

/** The other way. */
export async function copyOut(
	there: FilesFacet,
	here: LocalFiles,
	{instance, path, container}: Place,
	destinationPath: string,
	signal?: AbortSignal,
): Promise<Unpacked> {
	const kind = await there.stat(instance, path, {container, signal});
	if (kind === undefined) {
		throw new ClusterError('not-found', `${instance.name} has no file ${path}`);
	}

	const whole = here.resolve(destinationPath);
	const wanted = destinationPath.endsWith('/') ? `${whole}/` : whole;
	const found = await here.stat(whole);
	const to = destination({source: path, kind}, {path: wanted, kind: found});
	if (found === undefined && (await here.stat(here.resolve(to.folder))) !== 'folder') {
		throw new ClusterError('not-found', `there is no folder ${to.folder}`);
	}

	const target = to.name === '.' ? to.folder : `${to.folder.replace(/\/$/, '')}/${to.name}`;
	return here.unpack(here.resolve(target), there.read(instance, path, {container, signal}));
}

type Kind = 'file' | 'folder';

/** The folder that gets it, and under which name; `.`: what is in it goes there, and not the folder itself. */
export function destination(
	from: {readonly source: string; readonly kind: Kind},
	to: {readonly path: string; readonly kind: Kind | undefined},
): {readonly folder: string; readonly name: string} {
	const name = baseOf(from.source);
	const isContent = from.kind === 'folder' && (/(^|\/)\.\/?$/.test(from.source) || name === '' || name === '..');
	if (to.kind === 'folder') {
		return {folder: to.path, name: isContent ? '.' : name};
	}

	if (from.kind === 'folder' && to.kind === 'file') {
		throw new ClusterError('conflict', `a folder cannot be copied to ${to.path}, which is a file`);
	}

	if (from.kind === 'file' && to.path.endsWith('/')) {
		const why = to.kind === 'file' ? 'is a file' : 'is not there';
		throw new ClusterError(to.kind === 'file' ? 'conflict' : 'not-found', `the folder ${to.path} ${why}`);
	}

	return {folder: folderOf(to.path), name: baseOf(to.path)};
}

function baseOf(path: string): string {
	return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

function folderOf(path: string): string {
	const plain = path.replace(/(?<=.)\/+$/, '');
	const at = plain.lastIndexOf('/');
	return at < 0 ? '.' : plain.slice(0, at) || '/';
}

const fields = {
	source: {...text('What to copy: a file or folder of this machine', 'FILE')},
	path: {...text('Where to, in the instance', 'PATH')},
	container: text('Of an instance with several containers this one', 'NAME'),
};

/** Into an instance, as a change like any other: shown first, refused where nothing may be changed, recorded. */
export function copyInAction(
	here: LocalFiles,
	copied: (result: Copied) => void = () => {},
	signal?: AbortSignal,
): Action<'instance', typeof fields> {
	return defineAction({
		id: 'instance.cp',
		title: 'Copy files into it',
		on: 'instance',
		fields,
		unavailable: (_, backend) => whyNoFiles(backend),
		command: (instance, {source = '', path = '', container}) =>
			[
				'muster',
				'cp',
				...(container === undefined ? [] : ['--container', container]),
				source,
				`${instance?.name}:${path}`,
			]
				.map(quote)
				.join(' '),
		plan(_, target, {source, path, container}) {
			const instance = present(target);
			if (source === undefined || path === undefined) {
				throw new ClusterError('usage', `${source === undefined ? 'source' : 'path'} is needed`);
			}

			const ref = {kind: 'instance', id: instance.id, name: instance.name, ...scopeOf(instance)} as const;
			return [
				{
					type: 'effect',
					ref,
					todo: `copy ${source} to ${instance.name}:${path}`,
					title: `copied ${source} to ${instance.name}:${path}`,
					async run({facets}) {
						if (facets.files !== undefined) {
							copied(await copyIn(facets.files, here, source, {instance: ref, path, container}, signal));
						}
					},
				},
			];
		},
	});
}

export function whyNoFiles({facets, name}: Pick<Backend, 'facets' | 'name'>): string | undefined {
	return facets.files === undefined ? `${name} cannot copy files of instances` : undefined;
}
