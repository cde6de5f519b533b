import type {TendRequest} from '../core/tend/request.ts';
import {formatDuration} from '../core/text/units.ts';

/** What was asked for, and how often there is to be looked. */
export type TendOptions = TendRequest & {
	readonly lookMs: number;
	readonly leaseMs: number;
	readonly renewMs: number;
};

/** As a person reads it. */
export function optionsText({spread, metrics, hosts}: TendOptions): string {
	return [
		'autoscaling',
		...Object.keys(metrics).map(name => `metric ${name}`),
		...(spread ? [`spreading by ${spread.mostMoves} at a time`] : []),
		...(hosts ? [`up to ${hosts.most} ${hosts.most === 1 ? 'host' : 'hosts'} brought`] : []),
		...(hosts?.take ? [`taken away after ${formatDuration(hosts.idleMs)}`] : []),
	].join(', ');
}
