import {ClusterError} from '../../core/error.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import {stripControl} from '../../core/text/text.ts';
import {prefixed} from './kind-prefix.ts';

/** Shorter beginnings of ids are too easily meant as names where something is changed. */
const minIdLength = 4;

/**
 * The object that a word names: by its name, its id, an id's unambiguous beginning, and where nothing is changed by a
 * name's, too. Throws `not-found`, or `usage` where several fit.
 */
export function findOne<K extends Kind>(
	kind: K,
	items: ReadonlyArray<Objects[K]>,
	word: string,
	{exact}: {readonly exact: boolean},
): Objects[K] {
	const plain = items.filter(({name, scope}) => name === word || (scope !== undefined && `${scope}/${name}` === word));
	const named = plain.length > 0 ? plain : prefixed(kind, items, word);
	if (named.length > 0) {
		refuseSeveral(kind, named, word);
		return living(named);
	}

	const byId = items.filter(({id}) => id.startsWith(word) && (!exact || word.length >= minIdLength || id === word));
	const fitting = byId.length > 0 || exact ? byId : items.filter(({name}) => name.startsWith(word));
	const names = [...new Set(fitting.map(({name}) => name))].toSorted();
	if (names.length > 1) {
		throw new ClusterError(
			'usage',
			`${quoted(word)} may be ${names.length} ${kind}s: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`,
		);
	}

	if (fitting.length === 0) {
		throw notFound(kind, items, word);
	}

	return living(fitting);
}

/** Of volumes those that lie on a node, where one is said. */
export function lyingOn<T extends Objects[Kind]>(node: unknown, items: readonly T[]): readonly T[] {
	return node === undefined ? items : items.filter(item => item.kind !== 'volume' || item.nodeName === node);
}

/** Of one name there may be several in different namespaces, or of different kinds of the engine's own. */
function refuseSeveral<K extends Kind>(kind: K, named: ReadonlyArray<Objects[K]>, word: string): void {
	const places = [...new Set(named.map(({scope = '', name}) => `${scope}/${name}`))];
	const [first, ...others] = named;
	// Volumes of one name on different nodes.
	if (first?.kind === 'volume' && first.nodeName !== undefined && others.length > 0) {
		const ids = named.map(({id}) => stripControl(id)).toSorted();
		throw new ClusterError('usage', `${quoted(word)} may be ${named.length} volumes: ${ids.join(', ')}`, {
			hint: 'name one so, or say on which node: --node NODE',
		});
	}

	if (kind === 'instance' ? places.length > 1 : others.length > 0 && first?.scope !== undefined) {
		const ids = places.length > 1 ? places : named.map(({id}) => id);
		throw new ClusterError('usage', `${quoted(word)} may be ${named.length} ${kind}s: ${ids.join(', ')}`);
	}
}

/** An instance's name is that of its slot: the one that lives is meant, else the newest. */
function living<T extends Objects[Kind]>(items: readonly T[]): T {
	const [found] = items.toSorted((a, b) => Number(isLiving(b)) - Number(isLiving(a)) || b.createdAt - a.createdAt);
	return found as T;
}

function isLiving(object: Objects[Kind]): boolean {
	return object.kind !== 'instance' || (!isFinal(object.status.state) && object.desired === 'running');
}

/** Where a word may name one of several kinds; `names`: of all of them. */
export function noneNamed(kinds: string, names: readonly string[], word: string): ClusterError {
	const meant = nearMiss(word, [...new Set(names)]);
	return new ClusterError('not-found', `there is no ${kinds} ${quoted(word)}`, {
		hint:
			meant === undefined ? '`muster ls` and `muster ps` show what there is' : `did you mean ${stripControl(meant)}?`,
	});
}

function notFound(kind: Kind, items: ReadonlyArray<{readonly name: string}>, word: string): ClusterError {
	const meant = nearMiss(word, [...new Set(items.map(({name}) => name))]);
	return new ClusterError('not-found', `there is no ${kind} ${quoted(word)}`, {
		hint: meant === undefined ? `muster ${kind} ls shows what there is` : `did you mean ${stripControl(meant)}?`,
	});
}

function quoted(word: string): string {
	return JSON.stringify(stripControl(word));
}
