import type {Backend, Patch} from '../../core/backend.ts';
import {differencePatch} from '../../core/difference/merge-patch.ts';
import {ClusterError} from '../../core/error.ts';
import type {Service, ServiceSpec, ServiceVersion} from '../../core/model/index.ts';
import {earlierVersion, withVersion} from '../../core/spec/service-version.ts';
import type {World} from '../action.ts';
import {scopeOf} from '../change.ts';

export function lackOfHistory({facets, name}: Pick<Backend, 'facets' | 'name'>): string | undefined {
	return facets.history === undefined ? `${name} keeps no versions of services` : undefined;
}

/** What brings a kept version back. Throws `conflict` where there is none, `not-found` where it is not kept. */
export function backPatch(world: World, service: Service, asked: number | undefined): Patch<ServiceSpec> {
	const versions = world.versions?.get(service.id) ?? [];
	const version = asked ?? earlierVersion(service) ?? versions.find(({isCurrent}) => !isCurrent)?.version;
	const found = versions.find(one => one.version === version);
	if (version === undefined) {
		throw new ClusterError('conflict', `${service.name} has no earlier version`, {
			hint: 'A version is kept when its instances are replaced by others.',
		});
	}

	if (found === undefined) {
		const kept = versions.map(one => one.version).join(', ') || 'none';
		throw new ClusterError('not-found', `version ${version} of ${service.name} is not kept; kept are ${kept}`);
	}

	const patch = found.isCurrent ? undefined : differencePatch(service.spec, withVersion(service.spec, found.spec));
	if (patch === undefined) {
		throw new ClusterError('conflict', `${service.name} is at version ${version} already`);
	}

	return patch;
}

/** The same world with the kept versions of these services, asked of the engine. */
export async function withHistory(
	{facets}: Pick<Backend, 'facets'>,
	world: World,
	services: readonly Pick<Service, 'id' | 'name' | 'scope'>[],
): Promise<World> {
	const read = services.map(
		async ({id, name, ...rest}): Promise<[string, readonly ServiceVersion[]]> => [
			id,
			(await facets.history?.({kind: 'service', id, name, ...scopeOf(rest)})) ?? [],
		],
	);
	return {...world, versions: new Map(await Promise.all(read))};
}
