import path from 'node:path';
import type {World} from '../../actions/action.ts';
import {filesNamed, type Project, projectName, readProject} from '../../actions/compose/project/project.ts';
import {asContent, type Content} from '../../actions/stored/file-content.ts';
import type {Backend} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {Host} from '../host.ts';
import {bytesOf, composeSource} from './compose-source.ts';
import type {ComposeFiles} from './read-compose.ts';
import {waysOf} from './ways.ts';

export type ProjectFlags = {readonly name?: string | undefined; readonly profile?: readonly string[] | undefined};

/** What the files ask of this cluster. Everything that they name is read. Throws `usage` that names each path. */
export async function projectOf(
	host: Host,
	backend: Pick<Backend, 'name'>,
	{images}: Pick<World, 'images'>,
	{loaded}: ComposeFiles,
	{name, profile}: ProjectFlags,
): Promise<Project> {
	const {runsProcesses, ...ways} = waysOf(backend);
	const source = composeSource(host);
	const resolve = (file: string) => source.resolve(loaded.folder, file);
	const content = async (file: string): Promise<readonly [string, Content | undefined]> => {
		const bytes = await bytesOf(host, file);
		return [file, bytes && asContent(bytes)];
	};
	const files = new Map(await Promise.all(filesNamed(loaded).map(file => content(resolve(file)))));
	const project = readProject(loaded, {
		name,
		folderName: path.basename(loaded.folder),
		profiles: profile ?? (loaded.env.COMPOSE_PROFILES ?? '').split(',').map(one => one.trim()),
		...ways,
		imageOf: image => (runsProcesses ? localImage(image, images) : image),
		resolve,
		read: file => files.get(file),
	});
	refuseUnknown(profile, project);
	return project;
}

/** What the stack of these files is called. */
export function stackNameOf({loaded}: ComposeFiles, {name}: ProjectFlags): string {
	return projectName(loaded, {name, folderName: path.basename(loaded.folder)});
}

/** A profile that is asked for by name is one of these files. */
function refuseUnknown(asked: readonly string[] = [], {profiles}: Project): void {
	const unknown = asked.find(profile => profile !== '*' && !profiles.includes(profile));
	if (unknown === undefined) return;
	const known = profiles.length === 0 ? 'no service has any' : `there are: ${profiles.join(', ')}`;
	throw new ClusterError('usage', `--profile: no service is of ${JSON.stringify(unknown)}; ${known}`);
}

/** In a Compose file an image is a container's, unless muster has one of that name or its way is said. */
function localImage(image: string, images: World['images']): string {
	return /^(image|exec|docker):/.test(image) || images.some(({name}) => name === image) ? image : `docker:${image}`;
}
