import {assert} from '../../core/error.ts';
import type {Instance, Resources, Service, ServiceSpec} from '../../core/model/index.ts';
import {hasSameTargets} from '../../core/spec/service-version.ts';
import type {SpecVersion, StoreReader} from '../store/store.ts';
import type {Write} from '../turn.ts';

/** The newest versions of a service that are kept, besides those that are in use or gone back to. */
const keptVersions = 10;

export function specVersionId(serviceId: string, version: number): string {
	return `${serviceId}.${version}`;
}

/** The spec that an instance is made from: the template of its version, and all else as it is asked now. */
export function specOf(store: StoreReader, {serviceId, version}: Pick<Instance, 'serviceId' | 'version'>): ServiceSpec {
	const found = store.get('spec-version', specVersionId(serviceId, version));
	assert(found !== undefined, 'a service keeps the specs that its instances are made from');
	const service = store.get('service', serviceId);
	const {template, ports, forceUpdate} = found.spec;
	return service === undefined || service.version === version
		? found.spec
		: {...service.spec, template, ports, forceUpdate};
}

export function reserveOf(store: StoreReader, instance: Instance): Resources {
	return specOf(store, instance).template.reserve;
}

/** The same for many of them: each version is looked up once. */
export function reservesOf(store: StoreReader): (instance: Instance) => Resources {
	const known = new Map<string, Map<number, Resources>>();
	return instance => {
		const {serviceId, version} = instance;
		let ofService = known.get(serviceId);
		if (ofService === undefined) {
			ofService = new Map();
			known.set(serviceId, ofService);
		}

		let reserve = ofService.get(version);
		if (reserve === undefined) {
			reserve = reserveOf(store, instance);
			ofService.set(version, reserve);
		}

		return reserve;
	};
}

/** Keeps the spec under its number, and forgets the oldest ones that nothing is made from. */
export function keepVersion(
	{tx, now}: Pick<Write, 'tx' | 'now'>,
	{id: serviceId, version, spec, rollout}: Service,
): void {
	const id = specVersionId(serviceId, version);
	const known = tx.get('spec-version', id);
	tx.put('spec-version', {
		...(known ?? {kind: 'spec-version', id, serviceId, version, createdAt: now}),
		spec,
	});
	if (known !== undefined) {
		return;
	}

	const used = new Set([...tx.instancesOfService(serviceId)].map(instance => instance.version));
	for (const old of versionsOf(tx, serviceId).slice(0, -keptVersions)) {
		if (old.version !== version && old.version !== rollout?.from && !used.has(old.version)) {
			tx.remove('spec-version', old.id);
		}
	}
}

/** Whether a rollout can go back by itself: to what is there, and published as it is now. */
export function canGoBack(store: StoreReader, {id, spec, rollout}: Service): boolean {
	const from = rollout?.from === undefined ? undefined : store.get('spec-version', specVersionId(id, rollout.from));
	return from !== undefined && hasSameTargets(from.spec, spec);
}

/** Those that are kept, the oldest first. */
export function versionsOf(store: StoreReader, serviceId: string): SpecVersion[] {
	return [...store.all('spec-version')]
		.filter(version => version.serviceId === serviceId)
		.sort((a, b) => a.version - b.version);
}
