import type {World} from '../../actions/action.ts';
import type {Backend} from '../../core/backend.ts';
import {toClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';

/** What plans look at, read at one time; what they are about too, where that is of another kind. */
export async function readWorld(backend: Backend, now: number, about?: Kind): Promise<World> {
	/** What a user may not see is not there for plans: only what they are about must be. */
	const read = async <K extends Kind>(kind: K): Promise<ReadonlyArray<Objects[K]>> => {
		try {
			return (await backend.list({kind})).items;
		} catch (error) {
			if (kind !== about && toClusterError(error).code === 'not-allowed') {
				return [];
			}

			throw error;
		}
	};
	const [services, instances, nodes, images, more] = await Promise.all([
		read('service'),
		read('instance'),
		read('node'),
		backend.kinds.includes('image') ? read('image') : [],
		readMore(read, about),
	]);
	return {now, services, instances, nodes, images, ...more};
}

/** With all of several kinds besides. */
export async function readWorldWith(backend: Backend, now: number, kinds: readonly Kind[]): Promise<World> {
	const [first, ...others] = kinds.filter(kind => backend.kinds.includes(kind));
	const world = await readWorld(backend, now, first);
	const more = await Promise.all(
		others.map(kind => readMore(async one => (await backend.list({kind: one})).items, kind)),
	);
	return Object.assign({...world}, ...more) as World;
}

type Read = <K extends Kind>(kind: K) => Promise<ReadonlyArray<Objects[K]>>;

async function readMore(read: Read, about: Kind | undefined): Promise<Partial<World>> {
	switch (about) {
		case 'network':
			return {networks: await read(about)};
		case 'volume':
			return {volumes: await read(about)};
		case 'config':
			return {configs: await read(about)};
		case 'secret':
			return {secrets: await read(about)};
		case 'pool':
			return {pools: await read(about)};
		default:
			return {};
	}
}
