import {assert} from '../../core/error.ts';
import type {Instance, Resources, ServiceSpec} from '../../core/model/index.ts';
import type {StoreReader} from '../store/store.ts';

export function specVersionId(serviceId: string, version: number): string {
	return `${serviceId}.${version}`;
}

/** The spec that an instance was made from. */
export function specOf(store: StoreReader, {serviceId, version}: Instance): ServiceSpec {
	const found = store.get('spec-version', specVersionId(serviceId, version));
	assert(found !== undefined, 'a service keeps the specs that its instances are made from');
	return found.spec;
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
