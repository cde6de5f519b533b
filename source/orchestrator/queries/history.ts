import type {Ref} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {Service, ServiceVersion} from '../../core/model/index.ts';
import {versionsOf} from '../controllers/spec-versions.ts';
import type {StoreReader} from '../store/store.ts';

/** The kept versions of a service's template, the newest first. */
export function serviceHistory(store: StoreReader, ref: Ref<'service'>): ServiceVersion[] {
	const service = ref.id === undefined ? store.byName('service', ref.name) : store.get('service', ref.id);
	if (service === undefined) {
		throw new ClusterError('not-found', `There is no service named ${ref.name}.`);
	}

	return described(store, service);
}

function described(store: StoreReader, service: Service): ServiceVersion[] {
	const live = new Map<number, number>();
	for (const {version, desired, status} of store.instancesOfService(service.id)) {
		if (desired === 'running' && !isFinal(status.state)) {
			live.set(version, (live.get(version) ?? 0) + 1);
		}
	}

	return versionsOf(store, service.id)
		.reverse()
		.map(({version, createdAt, spec: {template, ports, forceUpdate}}) => ({
			version,
			...(createdAt === undefined ? {} : {createdAt}),
			isCurrent: version === service.version,
			instances: live.get(version) ?? 0,
			spec: {template, ports, forceUpdate},
		}));
}
