import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {RawService, RawServiceSpec} from '../api-types.ts';
import type {Route} from '../connection/route.ts';
import type {Source} from '../reading/source.ts';
import {spreadLabel, spreadOf} from '../tend/tend-labels.ts';
import {isWanted} from '../translate/translate-task.ts';

// Swarm moves nothing to a node that has come. But it puts what is new where a service has fewest, and takes away where it has
// most: so a service is spread by a few more, and once they run as many fewer. What stays is not touched. How far it is stands in
// a label; whoever watches brings it to its end.

type Parts = {readonly source: Source; readonly route: Route};

/** What does not come up within this is given up. */
const spreadMs = 5 * 60_000;

/** Throws `conflict` where it is being spread already, or has changed. */
export async function beginSpread(
	{route}: Pick<Parts, 'route'>,
	raw: RawService,
	moves: number,
	now: number,
): Promise<void> {
	const back = raw.Spec.Mode?.Replicated?.Replicas;
	if (back === undefined) throw new ClusterError('conflict', `${raw.Spec.Name} is no replicated service.`);
	if (spreadOf(raw.Spec) !== undefined) throw new ClusterError('conflict', `${raw.Spec.Name} is being spread already.`);
	const to = back + moves;
	const label = JSON.stringify({to, back, until: now + spreadMs});
	await route.calls.updateService(raw.ID, raw.Version.Index, {
		...withReplicas(raw.Spec, to),
		Labels: {...raw.Spec.Labels, [spreadLabel]: label},
	});
}

/** As far as it can go now; whoever else does the same at the same time is no harm. Answers whether anything was written. */
export async function advanceSpreads({source, route}: Parts, now: number): Promise<boolean> {
	let hasMoved = false;
	for (const raw of source.raw.services) {
		const next = nextSpec(raw, source, now);
		if (next === undefined) continue;
		try {
			await route.calls.updateService(raw.ID, raw.Version.Index, next);
			hasMoved = true;
		} catch (thrown) {
			if (!['conflict', 'not-found'].includes(toClusterError(thrown).code)) throw thrown;
		}
	}

	if (hasMoved) await source.refresh(['services', 'tasks']);
	return hasMoved;
}

export function isSpreading({raw}: Source): boolean {
	return raw.services.some(({Spec}) => Spec.Labels?.[spreadLabel] !== undefined);
}

/** Undefined: it has to wait. */
function nextSpec({ID, Spec}: RawService, {raw}: Source, now: number): RawServiceSpec | undefined {
	const {[spreadLabel]: label, ...Labels} = Spec.Labels ?? {};
	if (label === undefined) return undefined;
	const spread = spreadOf(Spec);
	// Somebody has said meanwhile how many he wants: that holds.
	if (spread === undefined || Spec.Mode?.Replicated?.Replicas !== spread.to) return {...Spec, Labels};
	const running = raw.tasks.filter(
		task => task.ServiceID === ID && isWanted(task) && task.Status.State === 'running',
	).length;
	return running >= spread.to || now > spread.until ? {...withReplicas(Spec, spread.back), Labels} : undefined;
}

function withReplicas(spec: RawServiceSpec, replicas: number): RawServiceSpec {
	return {...spec, Mode: {...spec.Mode, Replicated: {...spec.Mode?.Replicated, Replicas: replicas}}};
}
