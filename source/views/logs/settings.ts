import type {Written} from '../text/pattern.ts';

/** How far back is read, by key. */
export const spans: Readonly<Record<string, {readonly label: string; readonly ms: number | undefined}>> = {
	'0': {label: 'the last lines', ms: undefined},
	'1': {label: 'all', ms: Number.POSITIVE_INFINITY},
	'2': {label: '1m', ms: 60_000},
	'3': {label: '5m', ms: 5 * 60_000},
	'4': {label: '15m', ms: 15 * 60_000},
	'5': {label: '1h', ms: 60 * 60_000},
	'6': {label: '24h', ms: 24 * 60 * 60_000},
};

/** What keys have made of the logs of one object. */
export type Settings = {
	/** Undefined: the last lines. */
	readonly since: {readonly label: string; readonly ms: number} | undefined;
	readonly stderrOnly: boolean;
	readonly filter: Written | undefined;
	readonly search: Written | undefined;
	/** The first column of what is not wrapped. */
	readonly pan: number;
};

export const noSettings: Settings = {
	since: undefined,
	stderrOnly: false,
	filter: undefined,
	search: undefined,
	pan: 0,
};
