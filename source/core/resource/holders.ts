import {isObject} from '../difference/merge-patch.ts';

/** The engine's own: it takes them away by itself, when it has done what they stand for. */
const ownFinalizers = ['foregroundDeletion', 'orphan'];

/** Those of a few well-known names say what they wait for. */
const meanings: Readonly<Record<string, string>> = {
	'kubernetes.io/pvc-protection': 'a pod uses it',
	'kubernetes.io/pv-protection': 'a claim is bound to it',
};

/** Who keeps what is to go: it stays until they have let go of it. Undefined: nobody says. */
export function holdersText(finalizers: readonly string[]): string | undefined {
	const holders = finalizers
		.filter(name => !ownFinalizers.includes(name))
		.map(name => (meanings[name] === undefined ? name : `${name} (${meanings[name]})`));
	return holders.length === 0 ? undefined : `held by the finalizer ${holders.join(', ')}`;
}

/** What an object that was removed, and is still there, says of why. */
export function whatHolds(object: unknown): string | undefined {
	if (!isObject(object)) return undefined;
	const {metadata, status} = object;
	const finalizers = isObject(metadata) && Array.isArray(metadata.finalizers) ? metadata.finalizers.map(String) : [];
	const conditions: readonly unknown[] = isObject(status) && Array.isArray(status.conditions) ? status.conditions : [];
	// A namespace tells what is left in it.
	const left = conditions.flatMap(one =>
		isObject(one) && one.status === 'True' && /(Remaining|Failure)$/.test(String(one.type))
			? [String(one.message)]
			: [],
	);
	const texts = [holdersText(finalizers), ...left].filter(text => text !== undefined);
	return texts.length === 0 ? undefined : texts.join('; ');
}
