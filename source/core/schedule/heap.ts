/** True when `a` comes out first. */
export type Before<T> = (a: T, b: T) => boolean;

/** A binary heap in an array: the first item comes out first. A sorted array is one. */
export function push<T>(heap: T[], item: T, before: Before<T>): void {
	let index = heap.length;
	while (index > 0) {
		const parent = (index - 1) >> 1;
		const above = heap[parent] as T;
		if (!before(item, above)) {
			break;
		}

		heap[index] = above;
		index = parent;
	}

	heap[index] = item;
}

export function pop<T>(heap: T[], before: Before<T>): T | undefined {
	const top = heap[0];
	const last = heap.pop();
	if (last !== undefined && heap.length > 0) {
		heap[0] = last;
		sinkTop(heap, before);
	}

	return top;
}

/** Puts the first item where it belongs, after it has become less. */
export function sinkTop<T>(heap: T[], before: Before<T>): void {
	const item = heap[0];
	if (item === undefined) {
		return;
	}

	let index = 0;
	for (;;) {
		let below = 2 * index + 1;
		if (below >= heap.length) {
			break;
		}

		if (below + 1 < heap.length && before(heap[below + 1] as T, heap[below] as T)) {
			below++;
		}

		if (!before(heap[below] as T, item)) {
			break;
		}

		heap[index] = heap[below] as T;
		index = below;
	}

	heap[index] = item;
}
