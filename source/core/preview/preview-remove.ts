import type {Cascade} from '../backend.ts';
import {isFinal} from '../instance-state.ts';
import type {Service} from '../model/index.ts';
import {counted} from './places.ts';
import type {Preview} from './preview.ts';
import type {ClusterWorld} from './world.ts';

/** What the removal of a service brings: `4 stop (n1 −2, n2 −2), port 8080 is freed`. */
export function previewRemove({instances}: ClusterWorld, {id, status}: Service, cascade?: Cascade): Preview {
	if (cascade === 'orphan') {
		return {summary: 'nothing stops: what runs is nobody’s from then on', rows: []};
	}

	const live = instances.filter(instance => instance.serviceId === id && !isFinal(instance.status.state));
	const stops = live.length === 0 ? 'nothing stops' : counted(live, live.length === 1 ? 'stops' : 'stop', '−');
	const ports = status.ports.map(({published}) => published).filter(port => port > 0);
	const freed =
		ports.length === 0
			? ''
			: ports.length === 1
				? `, port ${ports[0]} is freed`
				: `, ports ${ports.join(', ')} are freed`;
	return {summary: `${stops}${freed}`, rows: []};
}
