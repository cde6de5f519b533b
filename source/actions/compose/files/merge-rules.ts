import {type Mapping, memberOf, type Node, textOf} from './node.ts';

/** How two values of one place are put together where mappings are not just merged and lists not just appended. */
export type MergeRule =
	| {readonly how: 'replace'}
	/** A mapping, or a list that stands for one: the later value of a key holds. */
	| {readonly how: 'mapping'; readonly asMapping: (node: Node) => Node}
	/** One text is a list of it. */
	| {readonly how: 'texts'}
	/** Two entries with one key are one. */
	| {readonly how: 'unique'; readonly keyOf: (entry: Node) => string | undefined}
	/** Options are those of a driver: of another one none is kept. */
	| {readonly how: 'driver'};

const pairs: MergeRule = {how: 'mapping', asMapping: node => mappingOf(node, /^([^=]*)(?:=([\s\S]*))?$/)};
const names: MergeRule = {how: 'mapping', asMapping: node => mappingOf(node, /^([\s\S]*)$/)};
const hosts: MergeRule = {how: 'mapping', asMapping: node => mappingOf(node, /^([^=:]*)[=:](.*)$/)};
const replace: MergeRule = {how: 'replace'};
const texts: MergeRule = {how: 'texts'};

/** By the Compose Specification, and by path: `*` is any name. */
const rules: Readonly<Record<string, MergeRule>> = {
	'services.*.command': replace,
	'services.*.entrypoint': replace,
	'services.*.healthcheck.test': replace,
	'services.*.environment': pairs,
	'services.*.labels': pairs,
	'services.*.annotations': pairs,
	'services.*.sysctls': pairs,
	'services.*.deploy.labels': pairs,
	'services.*.build.args': pairs,
	'services.*.build.labels': pairs,
	'networks.*.labels': pairs,
	'volumes.*.labels': pairs,
	'configs.*.labels': pairs,
	'secrets.*.labels': pairs,
	'services.*.extra_hosts': hosts,
	'services.*.networks': names,
	'services.*.depends_on': names,
	'services.*.env_file': texts,
	'services.*.dns': texts,
	'services.*.dns_opt': texts,
	'services.*.dns_search': texts,
	'services.*.tmpfs': texts,
	'services.*.profiles': texts,
	'services.*.logging': {how: 'driver'},
	'services.*.ports': {how: 'unique', keyOf: portKey},
	'services.*.volumes': {how: 'unique', keyOf: mountKey},
	'services.*.configs': {how: 'unique', keyOf: entry => fileKey(entry, '/')},
	'services.*.secrets': {how: 'unique', keyOf: entry => fileKey(entry, '/run/secrets/')},
};

export function ruleOf(path: readonly string[]): MergeRule | undefined {
	const [section = '', , ...members] = path;
	return rules[[section, '*', ...members].join('.')];
}

/** `[A=1, B]` is `{A: 1, B: }`. */
function mappingOf(node: Node, entry: RegExp): Node {
	if (node.type !== 'list') return node;
	const members = node.items.flatMap((item): Array<readonly [string, Node]> => {
		const text = item.type === 'scalar' ? entry.exec(String(item.value)) : null;
		const [, key = '', value = null] = text ?? [];
		return text === null ? [] : [[key, {type: 'scalar', at: item.at, value}]];
	});
	// What is no text is wrong, and told as what it is.
	if (members.length < node.items.length) return node;
	const {at, tag} = node;
	return {type: 'mapping', at, ...(tag && {tag}), members: new Map(members)} satisfies Mapping;
}

function member(entry: Node, key: string): string {
	const value = memberOf(entry, key);
	return value?.type === 'scalar' && value.value !== null ? String(value.value) : '';
}

function portKey(entry: Node): string | undefined {
	if (entry.type === 'mapping') {
		const host = member(entry, 'host_ip');
		return `${host}|${member(entry, 'published')}|${member(entry, 'target')}|${member(entry, 'protocol') || 'tcp'}`;
	}

	const text = entry.type === 'scalar' ? String(entry.value) : '';
	const [, host = '', published = '', target, protocol = 'tcp'] =
		/^(?:(\[[^\]]*\]|[\d.]+(?=:.*:)):)?(?:([\d-]*):)?([\d-]+)(?:\/(\w+))?$/.exec(text) ?? [];
	return target === undefined ? undefined : `${host}|${published}|${target}|${protocol}`;
}

function mountKey(entry: Node): string | undefined {
	if (entry.type === 'mapping') return member(entry, 'target') || undefined;
	const parts = textOf(entry)?.split(':');
	return parts && (parts.length === 1 ? parts[0] : parts[1]);
}

function fileKey(entry: Node, folder: string): string | undefined {
	const target = entry.type === 'mapping' ? member(entry, 'target') || member(entry, 'source') : textOf(entry);
	return target === undefined || target.startsWith('/') ? target : `${folder}${target}`;
}
