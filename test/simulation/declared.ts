import {isDeepStrictEqual} from 'node:util';
import type {Node, Service} from '../../source/core/model/index.ts';
import type {StoreReader} from '../../source/orchestrator/store/store.ts';

type Declared = {readonly name: string; readonly spec: unknown; readonly isRemoved: boolean};

/** What users were told is done; nothing else may be found in the store, but what was cut short by a crash. */
export class DeclaredObjects {
	readonly #objects = new Map<string, Declared>();
	/** What was being written when the daemon died: it is as before or as asked. */
	readonly #uncertain = new Set<string>();

	written(object: Service | Node): void {
		this.#objects.set(object.id, {name: `${object.kind} ${object.name}`, spec: object.spec, isRemoved: false});
	}

	removed({kind, id, name, spec}: Service | Node): void {
		this.#objects.set(id, {name: `${kind} ${name}`, spec, isRemoved: true});
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
		const problems = [...this.#objects].flatMap(([id, {name, spec, isRemoved}]) => {
			const object = found.get(id);
			if (object === undefined) {
				return isRemoved ? [] : [`${name} was acknowledged and is lost`];
			}

			if (object.removing !== isRemoved) {
				return [`${name} ${isRemoved ? 'was removed and is back' : 'is being removed by nobody'}`];
			}

			return object.spec === spec || isDeepStrictEqual(object.spec, spec)
				? []
				: [`${name} has lost a change of its spec`];
		});
		const unknown = [...found.values()].filter(({id}) => !this.#objects.has(id));
		return [...problems, ...unknown.map(({kind, name}) => `${kind} ${name} is there and was declared by nobody`)];
	}
}
