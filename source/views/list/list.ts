/** Where the cursor of a list is. It stays on its object: the row only follows. */
export type ListState = {
	/** The object under the cursor; undefined: none was there yet, so it is the first. */
	readonly selectedId: string | undefined;
	/** Its row when it was last seen: the cursor stays there when the object goes. */
	readonly index: number;
	/** The first visible row. */
	readonly top: number;
};

export const emptyList: ListState = {selectedId: undefined, index: 0, top: 0};

/** The list after its objects or its height changed: cursor on its object, and visible. */
export function settle(list: ListState, ids: readonly string[], visibleRows: number): ListState {
	if (ids.length === 0) {
		return list.selectedId === undefined && list.top === 0 ? list : {...list, top: 0};
	}

	const found = list.selectedId === undefined ? -1 : indexOf(ids, list.selectedId, list.index);
	const index = found === -1 ? Math.min(list.index, ids.length - 1) : found;
	return at(list, ids, index, visibleRows);
}

/** Moves the cursor by so many rows; it stops at both ends. */
export function move(list: ListState, ids: readonly string[], rows: number, visibleRows: number): ListState {
	const settled = settle(list, ids, visibleRows);
	return ids.length === 0 ? settled : at(settled, ids, settled.index + rows, visibleRows);
}

/** Puts the cursor on an object, where it is listed. */
export function select(list: ListState, ids: readonly string[], id: string, visibleRows: number): ListState {
	const index = ids.indexOf(id);
	return index === -1 ? settle(list, ids, visibleRows) : at(list, ids, index, visibleRows);
}

/** Most often an object is where it was: a whole search is for the rest. */
function indexOf(ids: readonly string[], id: string, guess: number): number {
	return ids[guess] === id ? guess : ids.indexOf(id);
}

function at(list: ListState, ids: readonly string[], wanted: number, visibleRows: number): ListState {
	const index = Math.max(0, Math.min(wanted, ids.length - 1));
	const rows = Math.max(1, visibleRows);
	const lastTop = Math.max(0, ids.length - rows);
	const top = Math.min(lastTop, Math.max(index - rows + 1, Math.min(list.top, index)));
	const selectedId = ids[index];
	if (selectedId === list.selectedId && index === list.index && top === list.top) {
		return list;
	}

	return {selectedId, index, top};
}
