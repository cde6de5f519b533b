import type {RawFile} from '../api-types.ts';

// A config or secret of Swarm's cannot be changed. A new version is another object, called NAME.v2 and labelled with what it is
// a version of; core sees one object that has versions. What others have made is its own first version.

export const versionOfLabel = 'muster.of';

type Named = Pick<RawFile, 'Spec'>;

export function logicalName({Spec}: Named): string {
	const of = Spec.Labels?.[versionOfLabel];
	return of !== undefined && Spec.Name.startsWith(`${of}.v`) ? of : Spec.Name;
}

export function versionNumber({Spec}: Named): number {
	const of = Spec.Labels?.[versionOfLabel];
	return of === undefined ? 1 : Number(/\.v(\d+)$/.exec(Spec.Name)?.[1] ?? 1);
}

export function versionedName(name: string, version: number): string {
	return version === 1 ? name : `${name}.v${version}`;
}

/** By their names: all versions, the newest first. */
export function versionsByName(files: readonly RawFile[]): ReadonlyMap<string, readonly RawFile[]> {
	const groups = Map.groupBy(files, logicalName);
	return new Map(
		[...groups].map(([name, ones]) => [name, ones.toSorted((a, b) => versionNumber(b) - versionNumber(a))]),
	);
}

export function ownFileLabels({Spec}: Named): Record<string, string> {
	const {[versionOfLabel]: _, ...own} = Spec.Labels ?? {};
	return own;
}
