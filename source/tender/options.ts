import {formatDuration} from '../core/units.ts';

/** What is done for a cluster beside autoscaling, which its services ask for themselves. */
export type TendOptions = {
	/** Services are spread over nodes that have come: so many instances of one at a time. */
	readonly spread?: {readonly mostMoves: number; readonly settleMs: number};
	/** Figures of services by name: a command whose last line is a number, or an http URL that answers with one. */
	readonly metrics: Readonly<Record<string, string>>;
	/** Commands that bring a host when instances lack room, and take one away that was brought and is empty. */
	readonly hosts?: {
		readonly bring: string;
		readonly take?: string;
		readonly most: number;
		readonly waitMs: number;
		readonly idleMs: number;
		readonly joinMs: number;
	};
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
		...(hosts ? [`up to ${hosts.most} hosts brought`] : []),
		...(hosts?.take ? [`taken away after ${formatDuration(hosts.idleMs)}`] : []),
	].join(', ');
}
