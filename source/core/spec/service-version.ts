import type {Service, ServiceSpec, ServiceVersion} from '../model/index.ts';

/** Equal for two specs where instances of the one serve the other: when it changes, they are replaced. */
export function versionText({template, forceUpdate, ports}: ServiceVersion['spec']): string {
	return JSON.stringify([template, forceUpdate, targetsOf(ports)]);
}

function targetsOf(ports: ServiceSpec['ports']): number[] {
	return [...new Set(ports.map(({target}) => target))].sort((a, b) => a - b);
}

/** The spec with what an earlier version's instances were made from; how it is reached stays, where that fits. */
export function withVersion(spec: ServiceSpec, {template, forceUpdate, ports}: ServiceVersion['spec']): ServiceSpec {
	return {...spec, template, forceUpdate, ports: hasSameTargets(spec, {ports}) ? spec.ports : ports};
}

export function hasSameTargets(one: Pick<ServiceSpec, 'ports'>, other: Pick<ServiceSpec, 'ports'>): boolean {
	return String(targetsOf(one.ports)) === String(targetsOf(other.ports));
}

type Kept = Pick<ServiceVersion, 'version' | 'spec'>;

/** The number of a changed template: that of a kept version with the same one where it goes back, else the next. */
export function versionNumber(kept: readonly Kept[], service: Service, spec: ServiceSpec): number {
	const text = versionText(spec);
	// Raised on purpose to have every instance anew.
	const isForced = spec.forceUpdate > service.spec.forceUpdate;
	const same = kept
		.filter(one => !isForced && one.version !== service.version && versionText(one.spec) === text)
		.map(({version}) => version);
	return same.length > 0 ? Math.max(...same) : Math.max(service.version, ...kept.map(({version}) => version)) + 1;
}

/** The version that a rollback goes to when none is named: what ran before the last change of the template. */
export function earlierVersion({rollout}: Pick<Service, 'rollout'>): number | undefined {
	return rollout?.from;
}
