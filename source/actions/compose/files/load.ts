import {isObject} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import {Findings} from '../project/section.ts';
import {type ReadFile, withExtended} from './extends.ts';
import {type Together, withIncluded} from './include.ts';
import {interpolate} from './interpolate.ts';
import {merge, settled} from './merge.ts';
import {type Node, nodeOf, type Places, placesOf, plainOf} from './node.ts';
import {type FileSource, type Variables, wrongAt, wrongIn} from './source-files.ts';

/** What Compose files say together. */
export type Loaded = {
	readonly document: unknown;
	/** Where each of it was written. */
	readonly places: Places;
	/** Of how many files it is put together. */
	readonly fileCount: number;
	/** What was noticed on the way. */
	readonly notes: readonly string[];
	/** What variables are taken from. */
	readonly env: Variables;
	/** What paths are seen from. */
	readonly folder: string;
};

export type FilesAsked = {
	/** The later ones change what the earlier ones say. */
	readonly files: readonly string[];
	/** Where the paths of all of them are seen from. */
	readonly folder: string;
	readonly env: Variables;
};

/** Of files that include each other twice there are soon more than anybody waits for. */
const mostReads = 1000;

/** Reads Compose files with all that they extend and include, variables filled in. Throws `usage`, by file and path. */
export async function loadFiles({files, folder, env}: FilesAsked, source: FileSource): Promise<Loaded> {
	const notes = new Set<string>();
	const seen = new Set<string>();
	let reads = 0;

	async function read(file: string, from: string, variables: Variables): Promise<ReadFile> {
		const name = source.nameOf(file);
		seen.add(file);
		reads++;
		if (reads > mostReads)
			throw new ClusterError('usage', `${name} is one of more than ${mostReads} files that are included`);
		const document = (await source.document(file)) ?? {};
		if (!isObject(document)) throw wrongAt({file: name, path: ''}, 'is no Compose file: it is no mapping');
		const findings = new Findings();
		const filled = interpolate(document, variables, findings);
		if (findings.problems.length > 0) throw wrongIn(findings.problems, path => ({file: name, path}));
		for (const note of findings.notes) notes.add(note);
		return {file, folder: from, root: nodeOf(filled, {file: name, path: ''})};
	}

	async function together({files: all, folder: own, env: variables, chain}: Together): Promise<Node> {
		let root: Node | undefined;
		const bases = new Map<string, Promise<ReadFile>>();
		const readBase = (file: string) => {
			const found = bases.get(file) ?? read(file, source.folderOf(file), variables);
			bases.set(file, found);
			return found;
		};
		for (const file of all) {
			const found = await read(file, own, variables);
			const links = {folder: own, env: variables, chain: [...chain, file]};
			const whole = await withIncluded(found.root, links, {source, load: together});
			const extended = await withExtended({...found, root: whole}, root, {source, read: readBase});
			root = merge(root, extended) ?? root;
		}

		return root === undefined ? nodeOf({}, {file: '', path: ''}) : settled(root);
	}

	const root = await together({files, folder, env, chain: []});
	return {
		...{document: plainOf(root), places: placesOf(root), fileCount: seen.size},
		...{notes: [...notes], env, folder},
	};
}
