import type {LogQuery} from '../../core/backend.ts';
import type {Instance, Instant} from '../../core/model/index.ts';
import type {Ui} from '../ui.ts';

/** Of each instance, what is read of the past. */
const tailOfOne = 1000;
const tailOfMany = 50;
/** More streams than these are of no use to anyone. */
const mostInstances = 2000;

/** What is read of the object that the logs are about; `sinceAt`: all that was written since. */
export function logQuery({place: {about}, world}: Ui, sinceAt: Instant | undefined): LogQuery | undefined {
	const ofMany = (belongs: (instance: Instance) => boolean): LogQuery => {
		const own = world.instances.filter(belongs).slice(0, mostInstances);
		return {instanceIds: own.map(({id}) => id), follow: true, ...past(own.length, sinceAt)};
	};
	switch (about?.kind) {
		case 'instance':
			return {instanceIds: [about.id], follow: true, ...past(1, sinceAt)};
		case 'service':
			return {...ofMany(({serviceId}) => serviceId === about.id), serviceId: about.id};
		case 'node':
			return ofMany(({nodeId}) => nodeId === about.id);
		default:
			return undefined;
	}
}

function past(instances: number, sinceAt: Instant | undefined): Pick<LogQuery, 'sinceAt' | 'tail'> {
	if (sinceAt === undefined) {
		return {tail: instances > 1 ? tailOfMany : tailOfOne};
	}

	return Number.isFinite(sinceAt) ? {sinceAt} : {};
}
