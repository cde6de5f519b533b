import type {Labels, Service} from './model/index.ts';

/** How `docker stack` marks what it made. */
export const stackLabel = 'com.docker.stack.namespace';

export function stackOf(labels: Labels): string | undefined {
	return labels[stackLabel] || undefined;
}

/** Services that were made together, and how they stand in sum. */
export type Stack = {
	readonly name: string;
	readonly services: readonly Service[];
	readonly desired: number;
	readonly running: number;
	readonly healthy: number;
};

export function stacksIn(services: readonly Service[]): readonly Stack[] {
	const byName = new Map<string, Service[]>();
	for (const service of services) {
		const name = stackOf(service.spec.labels);
		if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), service]);
	}

	return [...byName]
		.map(([name, own]) => {
			const sum = (member: 'desired' | 'running' | 'healthy') =>
				own.reduce((total, {status}) => total + status[member], 0);
			return {name, services: own, desired: sum('desired'), running: sum('running'), healthy: sum('healthy')};
		})
		.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
