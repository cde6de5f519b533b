import {anchored} from './anchor.ts';
import {merge} from './merge.ts';
import {isEmpty, type Mapping, memberOf, type Node, textOf, within, withMember, without} from './node.ts';
import {type FileSource, seen, wrongAt} from './source-files.ts';

/** A file as it was read. */
export type ReadFile = {readonly file: string; readonly folder: string; readonly root: Node};

export type ExtendsParts = {
	readonly source: FileSource;
	/** Another file, with its variables filled in. */
	read(file: string): Promise<ReadFile>;
};

/** A file whose services have all of those that they extend. `earlier`: where else a service of the same file may be. */
export async function withExtended(here: ReadFile, earlier: Node | undefined, parts: ExtendsParts): Promise<Node> {
	const services = memberOf(here.root, 'services');
	if (services?.type !== 'mapping') return here.root;
	const members = new Map<string, Node>();
	for (const name of services.members.keys()) {
		members.set(name, await extendedService({here, earlier, name, chain: []}, parts));
	}

	return withMember(here.root as Mapping, 'services', {...services, members});
}

type Asked = {
	readonly here: ReadFile;
	readonly earlier: Node | undefined;
	readonly name: string;
	/** Those that lead here, each by its file and name. */
	readonly chain: readonly string[];
};

async function extendedService({here, earlier, name, chain}: Asked, parts: ExtendsParts): Promise<Node> {
	const {source} = parts;
	const own = memberOf(memberOf(here.root, 'services'), name) ?? memberOf(memberOf(earlier, 'services'), name);
	const word = memberOf(own, 'extends');
	if (own?.type !== 'mapping') return own ?? {type: 'scalar', at: here.root.at, value: null};
	if (word === undefined || isEmpty(word)) return own;
	const {file, service} = wordOf(word);
	const there = file === undefined ? here : await readBase(word, file, here, parts);
	const base = memberOf(memberOf(there.root, 'services'), service);
	const isEarlier = file === undefined && memberOf(memberOf(earlier, 'services'), service) !== undefined;
	if (base === undefined && !isEarlier) {
		throw wrongAt(word.at, `names the service ${JSON.stringify(service)}, which ${source.nameOf(there.file)} has not`);
	}

	const links = [...chain, `${source.nameOf(here.file)}: ${name}`];
	const next = `${source.nameOf(there.file)}: ${service}`;
	if (links.includes(next)) throw wrongAt(word.at, `goes round: ${[...links, next].join(' → ')}`);
	const found = await extendedService(
		{here: there, earlier: file === undefined ? earlier : undefined, name: service, chain: links},
		parts,
	);
	const inPlace = file === undefined ? found : fromFolder(found, there.folder, parts);
	return merge(inPlace, without(own, 'extends'), ['services', name]) ?? own;
}

function wordOf(word: Node): {readonly file: string | undefined; readonly service: string} {
	const alone = textOf(word);
	if (alone !== undefined) return {file: undefined, service: alone};
	const service = textOf(memberOf(word, 'service'));
	const file = memberOf(word, 'file');
	if (word.type !== 'mapping' || service === undefined) {
		throw wrongAt(word.at, 'must be the name of a service, or service and file');
	}

	const unknown = [...word.members.keys()].find(key => key !== 'service' && key !== 'file');
	if (unknown !== undefined) throw wrongAt(within(word.at, unknown), 'is not known here: service and file are');
	const path = textOf(file);
	if (file !== undefined && !isEmpty(file) && path === undefined) throw wrongAt(file.at, 'must be a path');
	return {file: path, service};
}

async function readBase(word: Node, file: string, here: ReadFile, {source, read}: ExtendsParts): Promise<ReadFile> {
	const path = source.resolve(here.folder, file);
	if (path === here.file) return here;
	await seen(path, source, memberOf(word, 'file')?.at ?? word.at);
	return read(path);
}

function fromFolder(service: Node, folder: string, {source}: ExtendsParts): Node {
	const {at} = service;
	const alone = new Map([['it', service]]);
	const root: Node = {type: 'mapping', at, members: new Map([['services', {type: 'mapping', at, members: alone}]])};
	const moved = anchored(root, path => source.resolve(folder, path));
	return memberOf(memberOf(moved, 'services'), 'it') ?? service;
}
