/** How far back one looks: the last ten minutes, or the last hour. */
export const periods = {
	minutes: {points: 60, windowMs: 10_000},
	hour: {points: 120, windowMs: 30_000},
} as const;

export type Period = keyof typeof periods;
