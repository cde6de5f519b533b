/** How an instance's health is asked: by a command's exit status, an HTTP status below 400, or a connection. */
export type HealthCheck = {
	readonly test:
		| {readonly type: 'command'; readonly command: readonly string[]}
		| {readonly type: 'http'; readonly path: string; readonly port?: number}
		| {readonly type: 'tcp'; readonly port?: number};
	/** Between two checks once the instance is healthy; before that the agent asks more often. */
	readonly intervalMs: number;
	readonly timeoutMs: number;
	/** So many failures in a row make it unhealthy. */
	readonly retries: number;
	/** Failures within this time after the start do not count. */
	readonly startPeriodMs: number;
	/** Between two checks within that time; absent: as the engine has it. */
	readonly startIntervalMs?: number;
};

export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

export const healthDefaults = {intervalMs: 10_000, timeoutMs: 5_000, retries: 3, startPeriodMs: 0} as const;
