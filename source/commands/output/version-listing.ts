import type {ServiceVersion} from '../../core/model/index.ts';
import {withoutDigest} from '../../core/spec/image-name.ts';
import {changeText, type VersionChange, versionChanges} from '../../core/spec/version-changes.ts';
import {age, type Listing} from './listings.ts';
import {toTime} from './shape.ts';

/** A kept version with what is different from the one before it. */
export type ListedVersion = ServiceVersion & {
	/** Its number: what `--to` takes. */
	readonly name: string;
	readonly service: string;
	readonly changes: readonly VersionChange[];
};

export const versionListing: Listing<ListedVersion> = {
	columns: now => [
		{title: 'VERSION', align: 'right', value: ({version}) => String(version)},
		{title: 'IN FORCE', value: ({isCurrent}) => (isCurrent ? 'yes' : '')},
		{title: 'INSTANCES', align: 'right', value: ({instances}) => String(instances)},
		{title: 'AGE', align: 'right', value: ({createdAt}) => age(now, createdAt)},
		{title: 'IMAGE', shrinkTo: 12, value: ({spec}) => withoutDigest(spec.template.image)},
		{title: 'CHANGES', shrinkTo: 24, value: ({changes}) => changes.map(changeText).join(', ')},
	],
	shape: ({version, service, isCurrent, instances, createdAt, spec, changes}, context) => ({
		service,
		context,
		version,
		isCurrent,
		instances,
		createdAt: toTime(createdAt),
		spec,
		changes: changes.map(({path, before, after}) => ({path, before: before ?? null, after: after ?? null})),
	}),
};

/** The newest first; of the oldest nothing is known that it could be compared with. */
export function listedVersions(service: string, versions: readonly ServiceVersion[]): ListedVersion[] {
	return versions.map((version, index) => {
		const before = versions[index + 1];
		const name = String(version.version);
		return {...version, name, service, changes: before === undefined ? [] : versionChanges(before.spec, version.spec)};
	});
}
