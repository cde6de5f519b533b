import {isDeepStrictEqual} from 'node:util';
import type {Node, Service, ServiceSpec} from '../../source/core/model/index.ts';
import {versionText} from '../../source/core/spec/service-version.ts';
import type {StoreReader} from '../../source/orchestrator/store/store.ts';

type Declared = {
	readonly name: string;
	readonly spec: unknown;
	readonly isRemoved: boolean;
	/** Of a service: all that was ever declared, which a rollout may go back to by itself. */
	readonly versions: ReadonlySet<string>;
};

/** What users were told is done; nothing else may be found in the store, but what was cut short by a crash. */
export class DeclaredObjects {
	readonly #objects = new Map<string, Declared>();
	/** What was being written when the daemon died: it is as before or as asked. */
	readonly #uncertain = new Set<string>();

	written(object: Service | Node): void {
		if (isOfPool(object)) {
			return;
		}

		const versions = new Set(this.#objects.get(object.id)?.versions);
		if (object.kind === 'service') {
			versions.add(versionText(object.spec));
		}

		this.#objects.set(object.id, {
			name: `${object.kind} ${object.name}`,
			spec: object.spec,
			isRemoved: false,
			versions,
		});
	}

	removed(object: Service | Node): void {
		if (isOfPool(object)) {
			return;
		}

		const {kind, id, name, spec} = object;
		const versions = this.#objects.get(id)?.versions ?? new Set();
		this.#objects.set(id, {name: `${kind} ${name}`, spec, isRemoved: true, versions});
	}

	cutShort(kind: 'service' | 'node', name: string): void {
		this.#uncertain.add(`${kind} ${name}`);
	}

	/** After a start of the daemon: takes over how it went with what was cut short, and at first what it made by itself. */
	settle(store: StoreReader): void {
		const isFirst = this.#objects.size === 0;
		for (const object of [...store.all('service'), ...store.all('node')]) {
			if (isFirst || this.#uncertain.has(`${object.kind} ${object.name}`)) {
				object.removing ? this.removed(object) : this.written(object);
			}
		}

		this.#uncertain.clear();
	}

	problems(store: StoreReader): string[] {
		const found = new Map([...store.all('service'), ...store.all('node')].map(object => [object.id, object]));
		const problems = [...this.#objects].flatMap(([id, {name, spec, isRemoved, versions}]) => {
			const object = found.get(id);
			if (object === undefined) {
				return isRemoved ? [] : [`${name} was acknowledged and is lost`];
			}

			if (object.removing !== isRemoved) {
				return [`${name} ${isRemoved ? 'was removed and is back' : 'is being removed by nobody'}`];
			}

			return object.spec === spec ||
				isDeepStrictEqual(askedOf(object), askedOf({...object, spec} as typeof object)) ||
				isRolledBack(object, spec, versions)
				? []
				: [`${name} has lost a change of its spec`];
		});
		const unknown = [...found.values()].filter(object => !this.#objects.has(object.id) && !isOfPool(object));
		return [...problems, ...unknown.map(({kind, name}) => `${kind} ${name} is there and was declared by nobody`)];
	}
}

/** Pools make, drain and remove their own nodes. */
function isOfPool(object: Service | Node): boolean {
	return object.kind === 'node' && object.pool !== undefined;
}

/** What is a user's of a spec: how many run is not, where their load says it. */
function askedOf({kind, spec}: Service | Node): unknown {
	return kind === 'service' && (spec as ServiceSpec).autoscale !== undefined ? {...spec, replicas: 0} : spec;
}

/** By its update policy: to a template that was declared once, with all else as it was declared last. */
function isRolledBack(object: Service | Node, declared: unknown, versions: ReadonlySet<string>): boolean {
	if (object.kind !== 'service' || object.rollout?.isRollback !== true || !versions.has(versionText(object.spec))) {
		return false;
	}

	const {template, forceUpdate} = object.spec;
	const back = {...object, spec: {...(declared as ServiceSpec), template, forceUpdate, canary: 0}};
	return isDeepStrictEqual(askedOf(object), askedOf(back));
}
