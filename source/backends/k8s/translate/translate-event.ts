import type {ClusterEvent} from '../../../core/model/index.ts';
import {instantOf, type WireEvent} from '../wire/wire.ts';
import {metaOf} from './translate-meta.ts';

export type KeptEvent = ClusterEvent;

const kindOf: Readonly<Record<string, string>> = {
	Pod: 'instance',
	Node: 'node',
	Deployment: 'service',
	StatefulSet: 'service',
	DaemonSet: 'service',
	CronJob: 'service',
	Job: 'service',
	PersistentVolumeClaim: 'volume',
	ConfigMap: 'config',
	Secret: 'secret',
};

export function keepEvent(wire: WireEvent): KeptEvent {
	const {metadata, involvedObject: about = {}, series} = wire;
	const at =
		instantOf(series?.lastObservedTime) ??
		instantOf(wire.lastTimestamp) ??
		instantOf(wire.eventTime) ??
		instantOf(wire.firstTimestamp) ??
		instantOf(metadata.creationTimestamp) ??
		0;
	const count = series?.count ?? wire.count ?? 1;
	const message = (wire.message ?? '').trim();
	const {kind = ''} = about;
	return {
		...metaOf(metadata, metadata.resourceVersion, at),
		kind: 'event',
		name: wire.reason ?? '',
		createdAt: at,
		tone: wire.type === 'Warning' ? 'warning' : 'normal',
		about: {
			kind: kindOf[kind] ?? kind.toLowerCase(),
			// A kubelet names its node where the id belongs, and so does muster.
			id: (kind === 'Node' ? about.name : about.uid) ?? '',
			name: about.name ?? '',
		},
		message: count > 1 ? `${message} (${count} times)` : message,
	};
}
