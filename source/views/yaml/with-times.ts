/** What an instant is called in the model. */
const instant = /^(?:at|\w+At|failedUntil)$/;
/** Later ones have no name. */
const lastInstant = 8.64e15;

/** For an object of the model as it is shown or copied: instants are times as `-o yaml` writes them, not milliseconds. */
export function withTimes(key: unknown, value: unknown): unknown {
	const isInstant = typeof value === 'number' && value > 0 && value <= lastInstant && instant.test(String(key));
	return isInstant ? new Date(value).toISOString() : value;
}
