import type {Change} from '../core/backend.ts';
import {isFinal} from '../core/instance-state.ts';
import type {Kind, Objects, Usage} from '../core/model/index.ts';

/** Objects by id, kept up to date in place: a change costs what it changes. What did not change keeps its identity. */
export type Items<K extends Kind> = {
	readonly byId: ReadonlyMap<string, Objects[K]>;
	/** Answers whether anything is different now. */
	replaceAll(objects: ReadonlyArray<Objects[K]>): boolean;
	fold(change: Change<K>): boolean;
};

export function createItems<K extends Kind>(): Items<K> {
	const byId = new Map<string, Objects[K]>();

	/** Figures come by themselves: an object without any keeps those that it had, unless it has ended. */
	function put(object: Objects[K]): boolean {
		const before = byId.get(object.id);
		const usage = hasEnded(object) ? undefined : usageOf(before);
		if (before?.revision === object.revision && (usageOf(object) ?? usage) === usage) return false;
		byId.set(object.id, usage && !usageOf(object) ? {...object, usage} : object);
		return true;
	}

	function measure(figures: Readonly<Record<string, Usage>>): boolean {
		let isChanged = false;
		for (const [id, usage] of Object.entries(figures)) {
			const object = byId.get(id);
			if (object && !hasEnded(object)) {
				byId.set(id, {...object, usage});
				isChanged = true;
			}
		}

		return isChanged;
	}

	return {
		byId,
		replaceAll(objects) {
			const {size: before} = byId;
			let kept = 0;
			let isChanged = false;
			for (const object of objects) {
				if (byId.has(object.id)) kept++;
				isChanged = put(object) || isChanged;
			}

			// Mostly all of them are there still: then nothing more is looked at.
			if (kept >= before) return isChanged;
			const present = new Set(objects.map(({id}) => id));
			for (const id of [...byId.keys()]) {
				if (!present.has(id)) byId.delete(id);
			}

			return true;
		},
		fold(change) {
			switch (change.type) {
				case 'put':
					return put(change.object);
				case 'remove':
					return byId.delete(change.id);
				case 'usage':
					return measure(change.usage);
				case 'bookmark':
					return false;
			}
		},
	};
}

function usageOf(object: Objects[Kind] | undefined): Usage | undefined {
	return object && 'usage' in object ? object.usage : undefined;
}

/** What uses nothing any more, whatever was measured last. */
function hasEnded(object: Objects[Kind]): boolean {
	return 'slot' in object && isFinal(object.status.state);
}
