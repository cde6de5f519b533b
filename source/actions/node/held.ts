import type {Backend} from '../../core/backend.ts';
import type {Node} from '../../core/model/index.ts';
import type {World} from '../action.ts';

/** The same world with what holds instances on these nodes, asked of the engine. */
export async function withHeld(
	{facets}: Pick<Backend, 'facets'>,
	world: World,
	nodes: readonly Pick<Node, 'id' | 'name'>[],
): Promise<World> {
	const {held} = facets;
	if (held === undefined) return world;
	const found = await Promise.all(
		nodes.map(async ({id, name}) => [id, await held.call(facets, {kind: 'node', id, name})] as const),
	);
	return {...world, held: new Map(found)};
}
