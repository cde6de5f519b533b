import type {Instance, Service} from '../model/index.ts';
import {type Forecast, forecast} from './forecast.ts';
import {counted, slotsText} from './places.ts';
import type {Preview} from './preview.ts';
import {isWithoutSlots, withSlots} from './slotless.ts';
import {type ClusterWorld, withService} from './world.ts';

/**
 * What scaling a replicated service or a job brings: `5 new (n1 +2, n2 +2, n3 +1), nothing stops`. Where the load decides, it goes on
 * to do so.
 */
export function previewScale(world: ClusterWorld, service: Service, replicas: number): Preview {
	const preview = previewNumber(world, service, replicas);
	const {autoscale} = service.spec;
	return autoscale === undefined
		? preview
		: {...preview, summary: `${preview.summary}; then its load decides again: ${autoscale.min} to ${autoscale.max}`};
}

function previewNumber(world: ClusterWorld, service: Service, replicas: number): Preview {
	const before = service.spec.replicas;
	if (replicas === before) {
		return {summary: `nothing changes: ${replicas} is what it has been asked for already`, rows: []};
	}

	const changed = {...service, spec: {...service.spec, replicas}};
	const isSlotless = service.spec.mode === 'replicated' && isWithoutSlots(world, service.id);
	const numbered = isSlotless ? withSlots(world, service.id) : world;
	const seen = forecast(withService(numbered, changed), [service.id]);
	const surplus = seen.stopped.filter(({slot}) => slot > replicas);
	if (replicas < before) {
		return {summary: surplus.length === 0 ? 'nothing new, nothing stops' : stopText(surplus, isSlotless), rows: []};
	}

	const wanted = seen.created.filter(({slot}) => slot > before);
	const later = replicas - before - wanted.length;
	return startPreview(service, wanted, seen, service.spec.mode === 'job' ? later : 0);
}

/** The start of new instances; `later` ones wait for their turn in a job. */
export function startPreview(
	service: Pick<Service, 'name'>,
	wanted: readonly Instance[],
	{refused}: Pick<Forecast, 'refused'>,
	later: number,
): Preview {
	const placed = wanted.filter(({nodeId, status}) => nodeId !== undefined && status.state !== 'pending');
	const unplaced = wanted.length - placed.length;
	const started = placed.length === 0 ? 'nothing new' : counted(placed, 'new', '+');
	const after = later > 0 ? `, ${later} after these` : '';
	const reason = wanted.map(({id}) => refused.get(id)).find(text => text !== undefined);
	if (unplaced === 0 || reason === undefined) {
		return {summary: `${started}${after}, nothing stops`, rows: []};
	}

	return {
		summary: `${started}${after}, ${unplaced} cannot be placed: ${reason}`,
		rows: [{name: service.name, change: `${unplaced} → nowhere`, note: reason, blocked: true}],
	};
}

/** `3 stop (n1 −1, n2 −2): slots 4, 5, 6`. */
function stopText(surplus: readonly Instance[], isSlotless: boolean): string {
	const what = surplus.length === 1 ? 'stops' : 'stop';
	// Which ones is the engine's choice then.
	return isSlotless ? `${surplus.length} ${what}` : `${counted(surplus, what, '−')}: ${slotsText(surplus)}`;
}
