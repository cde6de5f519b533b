import {ClusterError} from '../../../core/error.ts';
import type {ResourceFacet} from '../../../core/resource/facet.ts';
import {typeWord} from '../../../core/resource/type.ts';
import {stripControl} from '../../../core/text/text.ts';

export type KindAndNames = {readonly type: string; readonly names: readonly string[]};

/** `KIND NAME…`, or each with its own kind: `KIND/NAME…`; kinds in the order in which they come first. */
export function kindsAndNames(operands: readonly string[]): readonly KindAndNames[] {
	const [first = '', ...rest] = operands;
	if (!first.includes('/')) {
		const other = rest.find(word => word.includes('/'));
		if (other !== undefined) throw mixed(other, `${first} stands before it`);
		return [{type: first, names: rest}];
	}

	const pairs = operands.map(word => {
		const [, type, name] = /^([^/]+)\/([^/]+)$/.exec(word) ?? [];
		if (type === undefined || name === undefined) throw mixed(word, 'each is KIND/NAME where the first one is');
		return {type, name};
	});
	const byType = Map.groupBy(pairs, ({type}) => type);
	return [...byType].map(([type, ones]) => ({type, names: ones.map(({name}) => name)}));
}

/** The same of a list, where there may also be several kinds, `KIND,KIND`, or a word for many: `all`. */
export async function listedKinds(
	operands: readonly string[],
	resources: ResourceFacet,
): Promise<readonly KindAndNames[]> {
	const found = kindsAndNames(operands);
	const [{type, names}] = found as readonly [KindAndNames];
	if (found.length > 1 || (!type.includes(',') && type !== 'all')) return found;
	const types = await Promise.all(
		type
			.split(',')
			.filter(word => word !== '')
			.map(async word => (word === 'all' ? await inCategory(resources, word) : [word])),
	);
	return types.flat().map(one => ({type: one, names}));
}

/** Those that the engine itself counts among them. */
async function inCategory(resources: ResourceFacet, word: string): Promise<readonly string[]> {
	const types = (await resources.types()).filter(({categories = []}) => categories.includes(word));
	if (types.length === 0) throw new ClusterError('not-found', `the cluster has no kind ${JSON.stringify(word)}`);
	return types.map(typeWord);
}

function mixed(word: string, why: string): ClusterError {
	return new ClusterError('usage', `${JSON.stringify(stripControl(word))} is not possible here: ${why}`);
}
