import {isObject} from '../../../core/difference/merge-patch.ts';
import type {Section} from './section.ts';

export type ProfiledService = readonly [key: string, service: Section];

export type Profiled = {
	readonly active: readonly ProfiledService[];
	/** Of profiles that nobody asked for: they are left as they are, whether they run or not. */
	readonly idle: readonly string[];
	/** All that there are. */
	readonly profiles: readonly string[];
};

/** A service without profiles always runs; `*` asks for all. */
export function profiled(services: readonly ProfiledService[], asked: readonly string[]): Profiled {
	const all = services.map(([key, service]) => ({key, service, own: service.texts('profiles') ?? []}));
	const isActive = ({own}: (typeof all)[number]) =>
		own.length === 0 || asked.includes('*') || own.some(profile => asked.includes(profile));
	const idle = all.filter(one => !isActive(one));
	for (const {service, own} of idle) {
		service.findings.note(service.path, `is of the profiles ${own.join(', ')}, which are not asked for`);
	}

	return {
		active: all.filter(isActive).map(({key, service}) => [key, service]),
		idle: idle.map(({key}) => key),
		profiles: [...new Set(all.flatMap(({own}) => own))].toSorted(),
	};
}

/** `configs.app` and the like: what nobody uses but services that do not run is not made, and need not be there. */
export function unneededParts(document: unknown, idle: readonly string[]): ReadonlySet<string> {
	const services = isObject(document) && isObject(document.services) ? document.services : {};
	const used = (isIdle: boolean) =>
		Object.entries(services).flatMap(([key, service]) => (idle.includes(key) === isIdle ? usedBy(service) : []));
	const needed = new Set(used(false));
	return new Set(used(true).filter(part => !needed.has(part)));
}

function usedBy(service: unknown): readonly string[] {
	if (!isObject(service)) return [];
	return (['configs', 'secrets', 'volumes'] as const).flatMap(kind => {
		const list = service[kind];
		const entries: readonly unknown[] = Array.isArray(list) ? list : [];
		return entries.flatMap(entry => {
			const text = isObject(entry) ? entry.source : entry;
			return typeof text === 'string' ? [`${kind}.${kind === 'volumes' ? text.split(':')[0] : text}`] : [];
		});
	});
}
