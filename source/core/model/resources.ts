/** CPU in cores (0.5 is half of one), memory in bytes. */
export type Resources = {readonly cpus: number; readonly memoryBytes: number};

/** What several nodes share. `instances`: the most that it may hold; absent: no limit. */
export type MachineCapacity = Resources & {readonly instances?: number};

/** What an instance is sure to have. `generic`: so many of what nodes have been told to offer, by its kind: `gpu`. */
export type Reservation = Resources & {readonly generic?: Readonly<Record<string, number>>};

/** `pids`: processes and threads at the same time. */
export type Limits = {readonly cpus?: number; readonly memoryBytes?: number; readonly pids?: number};

/** What several containers may use and have reserved together; a limit that one of them lacks is absent. */
export type Bounds = {readonly limit: Limits; readonly reserve: Resources};

/** What something uses now; a figure that could not be measured is absent, never 0. */
export type Usage = {
	readonly cpus?: number;
	readonly memoryBytes?: number;
	/** Answered per second, where whoever leads traffic to it counts them. */
	readonly requestsPerSecond?: number;
	/** Of those: answered with 500 and above, or not in full. */
	readonly errorsPerSecond?: number;
	/** Within so long all but a hundredth were answered. */
	readonly latencyP99Ms?: number;
	/** Open at this moment; of HTTP: requests under way. */
	readonly connections?: number;
	readonly at: number;
};

export const usageFigures = ['cpus', 'memoryBytes', 'requestsPerSecond'] as const;

export type UsageFigure = (typeof usageFigures)[number];

export const noResources: Resources = {cpus: 0, memoryBytes: 0};

export function addResources(a: Resources, b: Resources): Resources {
	return {cpus: a.cpus + b.cpus, memoryBytes: a.memoryBytes + b.memoryBytes};
}

export function subtractResources(a: Resources, b: Resources): Resources {
	return {cpus: a.cpus - b.cpus, memoryBytes: a.memoryBytes - b.memoryBytes};
}

/** CPU sums are kept to a thousandth of a core, so that 0.1 + 0.2 fits into 0.3. */
export function fits(wanted: Resources, free: Resources): boolean {
	return Math.round((free.cpus - wanted.cpus) * 1000) >= 0 && free.memoryBytes >= wanted.memoryBytes;
}
