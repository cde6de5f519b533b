import {ClusterError} from '../../../core/error.ts';
import type {ResourceType} from '../../../core/resource/facet.ts';
import {groupOf, typeWord} from '../../../core/resource/type.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';

type WireDiscovery = {
	readonly items?: ReadonlyArray<{
		readonly metadata?: {readonly name?: string};
		readonly versions?: ReadonlyArray<{
			readonly version: string;
			readonly resources?: ReadonlyArray<{
				readonly resource: string;
				readonly scope?: string;
				readonly responseKind?: {readonly kind?: string};
				readonly shortNames?: readonly string[];
				readonly singularResource?: string;
				readonly verbs?: readonly string[];
				readonly categories?: readonly string[];
			}>;
		}>;
	}>;
};

export type Discovery = {
	/** Asked anew each time: extensions come and go. */
	types(signal?: AbortSignal): Promise<readonly ResourceType[]>;
	/** By its plural, singular, short name, kind, or `plural.group`. Throws `not-found` that suggests. */
	find(word: string): Promise<ResourceType>;
	/** Of what a manifest names. */
	ofManifest(apiVersion: string, kind: string): Promise<ResourceType>;
};

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Every kind that the server serves, each in its preferred version; to find one it is asked once, and again when a kind is not found. */
export function createDiscovery(client: KubeClient): Discovery {
	let known: Promise<readonly ResourceType[]> | undefined;

	async function read(signal?: AbortSignal): Promise<readonly ResourceType[]> {
		const lists = await Promise.all(['/api', '/apis'].map(path => client.json<WireDiscovery>({path, accept, signal})));
		return lists.flatMap(({items = []}) =>
			items.flatMap(({metadata, versions = []}) => {
				const [preferred] = versions;
				const group = metadata?.name ?? '';
				return (preferred?.resources ?? [])
					.filter(({resource}) => !resource.includes('/'))
					.map(one => ({
						name: one.resource,
						kind: one.responseKind?.kind ?? one.resource,
						apiVersion: group === '' ? (preferred?.version ?? 'v1') : `${group}/${preferred?.version}`,
						namespaced: one.scope === 'Namespaced',
						shortNames: [...(one.shortNames ?? []), ...(one.singularResource ? [one.singularResource] : [])],
						verbs: one.verbs ?? [],
						categories: one.categories ?? [],
					}));
			}),
		);
	}

	async function types(): Promise<readonly ResourceType[]> {
		known ??= read();
		try {
			return await known;
		} catch (thrown) {
			known = undefined;
			throw thrown;
		}
	}

	/** A kind may be new: a CRD that was just made. */
	async function search(fits: (types: readonly ResourceType[]) => ResourceType | undefined) {
		const found = fits(await types());
		if (found) return found;
		known = undefined;
		return fits(await types());
	}

	return {
		async types(signal) {
			const found = await read(signal);
			known = Promise.resolve(found);
			return found;
		},
		async find(word) {
			const found = await search(all => findType(all, word));
			if (found) return found;
			const names = (await types()).map(({name}) => name);
			const meant = nearMiss(word.toLowerCase(), names);
			throw new ClusterError('not-found', `the cluster has no kind ${JSON.stringify(stripControl(word))}`, {
				hint: meant === undefined ? 'muster resource types shows what there is' : `did you mean ${meant}?`,
			});
		},
		async ofManifest(apiVersion, kind) {
			const found = await search(all =>
				all.find(type => type.kind === kind && groupOf(type.apiVersion) === groupOf(apiVersion)),
			);
			if (found) return {...found, apiVersion};
			throw new ClusterError('not-found', `the cluster has no kind ${stripControl(`${kind} in ${apiVersion}`)}`);
		},
	};
}

/** The same name in several groups means the first: the core's, then in the server's own order. */
export function findType(types: readonly ResourceType[], word: string): ResourceType | undefined {
	const lower = word.toLowerCase();
	return (
		types.find(({name}) => name === lower) ??
		types.find(({shortNames}) => shortNames.includes(lower)) ??
		types.find(({kind}) => kind.toLowerCase() === lower) ??
		types.find(type => typeWord(type) === lower)
	);
}

export function typePath({apiVersion, namespaced, name}: ResourceType, scope: string | undefined): string {
	const api = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
	return namespaced && scope !== undefined
		? `${api}/namespaces/${encodeURIComponent(scope)}/${name}`
		: `${api}/${name}`;
}
