import type {
	ClusterEvent,
	Image,
	Instance,
	Instant,
	Kind,
	Node,
	Objects,
	Pool,
	Rollout,
	Service,
	Usage,
} from '../../core/model/index.ts';
import {withoutDigest} from '../../core/spec/image-name.ts';

/* What -o json, yaml, ndjson and --format show: the same on every engine, described by docs/schema. What is not known is
   null; times are RFC 3339, sizes bytes, CPU in cores. */

export function toTime(at: Instant | undefined): string | null {
	return at === undefined ? null : new Date(at).toISOString();
}

export function meta({id, name, scope, revision, createdAt, updatedAt}: Objects[Kind], context: string) {
	return {
		id,
		name,
		context,
		scope: scope ?? null,
		revision,
		createdAt: toTime(createdAt),
		updatedAt: toTime(updatedAt),
	};
}

function usageShape(usage: Usage | undefined) {
	return usage === undefined
		? null
		: {
				cpus: usage.cpus ?? null,
				memoryBytes: usage.memoryBytes ?? null,
				requestsPerSecond: usage.requestsPerSecond ?? null,
				errorsPerSecond: usage.errorsPerSecond ?? null,
				latencyP99Ms: usage.latencyP99Ms ?? null,
				connections: usage.connections ?? null,
				at: toTime(usage.at),
			};
}

export function serviceShape(service: Service, context: string) {
	const {spec, status, rollout, autoscale, version, removing} = service;
	return {
		...meta(service, context),
		image: withoutDigest(spec.template.image),
		version,
		removing,
		spec,
		status: {...status, message: status.message ?? null},
		autoscale: autoscale
			? {
					at: toTime(autoscale.at),
					reason: autoscale.reason,
					scaledAt: toTime(autoscale.scaledAt),
					scaledFrom: autoscale.scaledFrom ?? null,
				}
			: null,
		rollout: rollout === undefined ? null : rolloutShape(rollout),
	};
}

function rolloutShape(rollout: Rollout) {
	return {
		state: rollout.state,
		isRollback: rollout.isRollback,
		from: rollout.from ?? null,
		pausedBy: rollout.pausedBy ?? null,
		startedAt: toTime(rollout.startedAt),
		finishedAt: toTime(rollout.finishedAt),
		movedAt: toTime(rollout.movedAt),
		updated: rollout.updated,
		total: rollout.total,
		failed: rollout.failed,
		message: rollout.message ?? null,
	};
}

export function instanceShape(instance: Instance, context: string) {
	const {status} = instance;
	return {
		...meta(instance, context),
		service: instance.serviceName,
		serviceId: instance.serviceId,
		slot: instance.slot,
		version: instance.version,
		image: instance.image ?? null,
		node: instance.nodeName ?? null,
		nodeId: instance.nodeId ?? null,
		state: status.state,
		stateAt: toTime(status.at),
		desired: instance.desired,
		health: status.health,
		healthMessage: status.healthMessage ?? null,
		startedAt: toTime(status.startedAt),
		finishedAt: toTime(status.finishedAt),
		exitCode: status.exitCode ?? null,
		reason: reasonOf(instance) ?? null,
		restarts: instance.restarts,
		pid: status.pid ?? null,
		endpoints: status.endpoints,
		isolation: status.isolation ?? null,
		usage: usageShape(instance.usage),
	};
}

/** Why it is as it is: of one that is to stop, why. */
export function reasonOf({status, desired, desiredReason}: Instance): string | undefined {
	return status.reason ?? (desired === 'stopped' ? desiredReason : undefined);
}

export function nodeShape(node: Node, context: string) {
	return {
		...meta(node, context),
		status: node.status.state,
		statusAt: toTime(node.status.at),
		message: node.status.message ?? null,
		availability: node.availability,
		drainDeadlineAt: toTime(node.spec.drainDeadlineAt),
		labels: node.spec.labels,
		instances: node.instances,
		capacity: node.capacity,
		reserved: node.reserved,
		generation: node.generation,
		role: node.role ?? null,
		manager: node.manager ?? null,
		pool: node.pool?.name ?? null,
		removing: node.removing,
		usage: usageShape(node.usage),
	};
}

export function poolShape(pool: Pool, context: string) {
	const {spec, status, removing} = pool;
	return {
		...meta(pool, context),
		spec,
		status: {
			nodes: status.nodes,
			ready: status.ready,
			reason: status.reason,
			at: toTime(status.at),
			changed: status.changed ? {at: toTime(status.changed.at), reason: status.changed.reason} : null,
		},
		removing,
	};
}

export function imageShape(image: Image, context: string) {
	return {
		...meta(image, context),
		origin: image.origin,
		path: image.path,
		command: image.command,
		env: image.env,
		port: image.port ?? null,
		socket: image.socket ?? false,
		health: image.health ?? null,
		description: image.description ?? null,
	};
}

export function eventShape(event: ClusterEvent, context: string) {
	return {
		id: event.id,
		context,
		at: toTime(event.createdAt),
		tone: event.tone,
		reason: event.name,
		about: event.about,
		message: event.message,
	};
}
