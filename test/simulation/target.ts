/** The one of the items that a number from 0 to 1 means; undefined when there is none. */
export function targetOf<T>(items: readonly T[], target: number): T | undefined {
	return items[Math.floor(target * items.length)];
}
