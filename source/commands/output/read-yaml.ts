import {
	type CollectionTag,
	type Document,
	isNode,
	type ParseOptions,
	parseAllDocuments,
	type ScalarTag,
	type SchemaOptions,
} from 'yaml';
import {Tagged} from '../../actions/compose/files/tagged.ts';
import {isObject} from '../../core/difference/merge-patch.ts';

const limits = {maxAliasCount: 100};

/** Its warnings would go to the terminal past all that makes text harmless. */
const quietly = {logLevel: 'error'} as const;

/** Every document of a text; throws a sentence with the line where it is none. */
export function parseYaml(
	text: string,
	options: ParseOptions & SchemaOptions = {},
	change: (value: unknown, document: Document) => unknown = value => value,
): unknown[] {
	return [...parseAllDocuments(text, {...quietly, ...options})].flatMap(document => {
		const [error] = document.errors;
		if (error) throw new Error(error.message.split('\n')[0] ?? 'it is no YAML');
		const value = change(document.toJS(limits), document);
		return value === null || value === undefined ? [] : [value];
	});
}

/** 0440 is octal, as those who write modes of files mean it. */
const octal: ScalarTag = {
	...{tag: 'tag:yaml.org,2002:int', default: true, test: /^0[0-7]+$/},
	resolve: text => Number.parseInt(text, 8),
};

/** A value with a tag of Compose's own, until aliases are known. */
class TaggedNode {
	readonly tag: Tagged['tag'];
	readonly node: unknown;

	constructor(tag: Tagged['tag'], node: unknown) {
		this.tag = tag;
		this.node = node;
	}
}

/** `!reset` and `!override`, of a text, a mapping or a list. */
const composeTags = (['reset', 'override'] as const).flatMap((tag): Array<ScalarTag | CollectionTag> => {
	const resolve = (node: unknown) => new TaggedNode(tag, node);
	return [
		{tag: `!${tag}`, resolve},
		{tag: `!${tag}`, collection: 'map', resolve},
		{tag: `!${tag}`, collection: 'seq', resolve},
	];
});

/** The same of a Compose file, where `<<` takes over what an anchor holds. */
export function parseCompose(text: string): unknown[] {
	return parseYaml(text, {merge: true, customTags: tags => [octal, ...composeTags, ...tags]}, untagged);
}

function untagged(value: unknown, document: Document): unknown {
	if (value instanceof TaggedNode) {
		const {tag, node} = value;
		const plain: unknown = isNode(node) ? node.toJS(document, limits) : plainScalar(node);
		return new Tagged(tag, untagged(plain, document));
	}

	if (Array.isArray(value)) return value.map(one => untagged(one, document));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, untagged(one, document)]));
}

/** With a tag a word is a text, whatever it looks like. */
function plainScalar(text: unknown): unknown {
	return text === '' || text === 'null' || text === '~' ? null : text;
}
