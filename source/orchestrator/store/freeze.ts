/** Freezes an object and what it holds, in place. What is frozen already is taken as frozen all the way down. */
export function deepFreeze<T>(value: T): T {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const inner of Object.values(value)) {
			deepFreeze(inner);
		}
	}

	return value;
}
