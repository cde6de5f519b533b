import {isEmpty, type List, type Mapping, memberOf, type Node, textOf, withMember} from './node.ts';

/** What a file says of other files, as seen from its own folder: from another one it would be others. */
export function anchored(root: Node, resolve: (path: string) => string): Node {
	const path = (node: Node): Node => {
		const text = textOf(node);
		return text === undefined ? node : scalar(node, resolve(text));
	};
	const file = (node: Node) => at(node, 'file', path);
	const mount = (node: Node): Node => {
		const text = textOf(node);
		if (text === undefined) return textOf(memberOf(node, 'type')) === 'bind' ? at(node, 'source', path) : node;
		const [source = '', ...rest] = text.split(':');
		// A name without a dot or slash before it is a volume's.
		return rest.length > 0 && /^[.~/]/.test(source) ? scalar(node, [resolve(source), ...rest].join(':')) : node;
	};
	const envFile = (node: Node): Node => (node.type === 'mapping' ? at(node, 'path', path) : path(node));
	const service = (node: Node) => at(at(node, 'env_file', each(envFile)), 'volumes', each(mount));
	const stored = all(file);
	return at(at(at(root, 'services', all(service)), 'configs', stored), 'secrets', stored);
}

type Change = (node: Node) => Node;

function scalar({at: place}: Node, value: string): Node {
	return {type: 'scalar', at: place, value};
}

/** One member, where it is there. */
export function at(node: Node, key: string, change: Change): Node {
	const member = memberOf(node, key);
	return member === undefined || isEmpty(member) ? node : withMember(node as Mapping, key, change(member));
}

function all(change: Change): Change {
	return node =>
		node.type === 'mapping'
			? {...node, members: new Map([...node.members].map(([key, member]) => [key, change(member)]))}
			: node;
}

/** Of a list all, or the only one. */
function each(change: Change): Change {
	return node => (node.type === 'list' ? ({...node, items: node.items.map(change)} satisfies List) : change(node));
}
