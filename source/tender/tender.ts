import {toClusterError} from '../core/error.ts';
import {LiveCollection} from '../live/live-collection.ts';
import {Autoscaling} from './autoscaling.ts';
import {Hosting} from './hosting.ts';
import {Ownership} from './ownership.ts';
import type {TenderPorts, TenderState} from './ports.ts';
import {Spreading} from './spreading.ts';

/**
 * Does for a cluster what its engine does not: looks at it again and again, and acts while nobody else does. What it has begun
 * stands in the cluster, so that whoever comes next goes on from there; its end leaves everything as it is.
 */
export async function tend(
	ports: TenderPorts,
	report: (state: TenderState) => void,
	signal: AbortSignal,
): Promise<void> {
	const {backend, clock, options} = ports;
	const services = new LiveCollection<'service'>({backend, query: {kind: 'service'}, clock});
	const instances = new LiveCollection<'instance'>({backend, query: {kind: 'instance', usage: true}, clock});
	const nodes = new LiveCollection<'node'>({backend, query: {kind: 'node'}, clock});
	const all = [services, instances, nodes];
	const ownership = new Ownership(ports);
	const autoscaling = new Autoscaling(ports);
	const spreading = new Spreading(ports);
	const hosting = new Hosting(ports);

	async function look(): Promise<string | undefined> {
		const {state} = all.find(one => one.state.state !== 'live') ?? services;
		if (state.state !== 'live') return 'error' in state ? state.error.message : 'it is being read';
		await ownership.look();
		if (!ownership.isMine) return undefined;
		await autoscaling.look(services.items, instances.items);
		await spreading.look(services.items, instances.items, nodes.items);
		await hosting.look(services.items, instances.items, nodes.items);
		return undefined;
	}

	let wake = () => {};
	signal.addEventListener('abort', () => wake());
	while (!signal.aborted) {
		const error = await look().catch((thrown: unknown) => toClusterError(thrown).message);
		report({
			owner: ownership.owner,
			...(error !== undefined && {error}),
			autoscale: Object.fromEntries(autoscaling.decisions),
			...(options.spread && {spread: spreading.reason}),
			...(options.hosts && {hosts: {brought: hosting.brought, reason: hosting.reason}}),
		});
		if (signal.aborted) break;
		await new Promise<void>(resolve => {
			const cancel = clock.after(options.lookMs, resolve);
			wake = () => {
				cancel();
				resolve();
			};
		});
	}

	for (const collection of all) collection.close();
	await ownership.release().catch(() => {});
}
