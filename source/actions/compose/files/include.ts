import {anchored} from './anchor.ts';
import {isEmpty, type Mapping, memberOf, type Node, plainOf, textOf, within, withMember, without} from './node.ts';
import {type FileSource, seen, type Variables, wrongAt} from './source-files.ts';

/** Files that stand for one, and how they are to be read. */
export type Together = {
	readonly files: readonly string[];
	readonly folder: string;
	readonly env: Variables;
	/** The files that include each other, down to these. */
	readonly chain: readonly string[];
};

export type IncludeParts = {
	readonly source: FileSource;
	/** What several files are together, with all that they extend and include. */
	load(files: Together): Promise<Node>;
};

const sections = ['services', 'networks', 'volumes', 'configs', 'secrets'] as const;

/** A file with what it includes. `from`: how it is read itself. */
export async function withIncluded(
	root: Node,
	{folder, env, chain}: Omit<Together, 'files'>,
	{source, load}: IncludeParts,
): Promise<Node> {
	const include = memberOf(root, 'include');
	if (root.type !== 'mapping' || include === undefined) return root;
	if (isEmpty(include)) return without(root, 'include');
	if (include.type !== 'list') throw wrongAt(include.at, 'must be a list of files');
	let joined: Mapping = without(root, 'include');
	for (const item of include.items) {
		const word = wordOf(item);
		const files = word.paths.map(path => source.resolve(folder, path));
		const round = files.find(file => chain.includes(file));
		if (round !== undefined) {
			const ring = [...chain.slice(chain.indexOf(round)), round];
			throw wrongAt(item.at, `goes round: ${ring.map(file => source.nameOf(file)).join(' → ')}`);
		}

		for (const file of files) await seen(file, source, item.at);
		const own = word.folder === undefined ? source.folderOf(files[0] ?? '') : source.resolve(folder, word.folder);
		const theirs = await variablesOf(item, word, {source, folder, own});
		const included = await load({files, folder: own, env: {...theirs, ...env}, chain});
		const moved = own === folder ? included : anchored(included, path => source.resolve(own, path));
		joined = join(joined, moved);
	}

	return joined;
}

type Word = {
	readonly paths: readonly string[];
	readonly folder: string | undefined;
	readonly envFiles: readonly string[] | undefined;
};

function wordOf(item: Node): Word {
	const alone = textOf(item);
	if (alone !== undefined) return {paths: [alone], folder: undefined, envFiles: undefined};
	const known = ['path', 'project_directory', 'env_file'];
	const unknown = item.type === 'mapping' ? [...item.members.keys()].find(key => !known.includes(key)) : undefined;
	if (unknown !== undefined) throw wrongAt(within(item.at, unknown), `is not known here: ${known.join(', ')} are`);
	const paths = textsOf(item, 'path');
	if (paths === undefined || paths.length === 0) throw wrongAt(item.at, 'must be a file, or path with one or several');
	const [folder, ...others] = textsOf(item, 'project_directory') ?? [];
	if (others.length > 0) throw wrongAt(within(item.at, 'project_directory'), 'must be one folder');
	return {paths, folder, envFiles: textsOf(item, 'env_file')};
}

/** One text, or a list of them; undefined: it is not there. */
function textsOf(item: Node, key: string): readonly string[] | undefined {
	const node = memberOf(item, key);
	if (node === undefined || isEmpty(node)) return undefined;
	const all = node.type === 'list' ? node.items : [node];
	return all.map(one => {
		const text = textOf(one);
		if (text === undefined) throw wrongAt(one.at, 'must be a path');
		return text;
	});
}

/** Later files come first; `.env` need not be there. */
async function variablesOf(
	item: Node,
	{envFiles}: Word,
	{source, folder, own}: {readonly source: FileSource; readonly folder: string; readonly own: string},
): Promise<Variables> {
	if (envFiles === undefined) return (await source.variables(source.resolve(own, '.env'))) ?? {};
	const all: Variables[] = [];
	for (const file of envFiles) {
		const found = await source.variables(source.resolve(folder, file));
		if (found === undefined) throw wrongAt(within(item.at, 'env_file'), `there is no file ${file}`);
		all.push(found);
	}

	return Object.assign({}, ...all);
}

/** What both have has to be the same: it is changed by a further file of the include, not by who includes it. */
function join(root: Mapping, included: Node): Mapping {
	let joined = root;
	for (const section of sections) {
		const theirs = memberOf(included, section);
		if (theirs?.type !== 'mapping') continue;
		const own = memberOf(joined, section);
		const members = new Map(own?.type === 'mapping' ? own.members : []);
		for (const [name, member] of theirs.members) {
			const other = members.get(name);
			if (other !== undefined && JSON.stringify(plainOf(other)) !== JSON.stringify(plainOf(member))) {
				const {file, path} = member.at;
				throw wrongAt(
					other.at,
					`is another than ${path} of ${file}, which is included: change it by a further path there`,
				);
			}

			members.set(name, other ?? member);
		}

		joined = withMember(joined, section, {type: 'mapping', at: own?.at ?? theirs.at, members});
	}

	return joined;
}
