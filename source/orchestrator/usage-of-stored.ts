import type {FileAttachment, ServiceSpec} from '../core/model/index.ts';
import type {StoreReader} from './store/store.ts';
import type {Write} from './turn.ts';

type StoredObjectKind = 'network' | 'volume' | 'config' | 'secret';

const lists = {config: 'configs', secret: 'secrets'} as const;

export function filesOf(
	{template}: Pick<ServiceSpec, 'template'>,
	kind: 'config' | 'secret',
): readonly FileAttachment[] {
	return template[lists[kind]] ?? [];
}

/** The names of a kind that a spec uses. */
export function namesUsed(spec: ServiceSpec, kind: StoredObjectKind): readonly string[] {
	const {template, ports} = spec;
	switch (kind) {
		case 'network':
			return (template.networks ?? []).map(({network}) => network);
		case 'volume':
			return (template.mounts ?? []).flatMap(({type, source}) => (type === 'volume' && source ? [source] : []));
		case 'config':
			return filesOf(spec, kind).map(({source}) => source);
		case 'secret':
			return [...filesOf(spec, kind).map(({source}) => source), ...ports.flatMap(({tls}) => tls ?? [])];
	}
}

/** The services that use an object, by name. One that is being removed still does. */
export function usersOf(store: Pick<StoreReader, 'all'>, kind: StoredObjectKind, name: string): readonly string[] {
	return [...store.all('service')]
		.filter(({spec}) => namesUsed(spec, kind).includes(name))
		.map(service => service.name)
		.sort();
}

/** After a service's spec has changed, or is gone: what it used and uses says by whom it is used. */
export function refreshUsers({tx}: Pick<Write, 'tx'>, ...specs: ReadonlyArray<ServiceSpec | undefined>): void {
	for (const kind of ['network', 'volume', 'config', 'secret'] as const) {
		const names = new Set(specs.flatMap(spec => (spec ? namesUsed(spec, kind) : [])));
		for (const name of names) {
			const object = tx.byName(kind, name);
			const usedBy = usersOf(tx, kind, name);
			if (object && JSON.stringify(object.usedBy) !== JSON.stringify(usedBy)) {
				tx.put(kind, {...object, usedBy} as never);
			}
		}
	}
}
