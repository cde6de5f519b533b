import type {Patch} from '../core/backend.ts';
import {ClusterError} from '../core/error.ts';
import type {Rollout, Service, ServiceSpec} from '../core/model/index.ts';
import {beginRollout, resumed} from '../core/reconcile/rollout.ts';
import {versionNumber, versionText} from '../core/spec/service-version.ts';
import {keepVersion, versionsOf} from './controllers/spec-versions.ts';
import {emit, type Write} from './turn.ts';

type ServiceChange = {
	readonly patch: Patch<ServiceSpec>;
	readonly spec: ServiceSpec;
	readonly ports: ServiceSpec['ports'];
};

export function updateService(write: Write, known: Service, {patch, spec, ports}: ServiceChange): Service {
	if (known.removing) {
		throw new ClusterError('conflict', `Service ${known.name} is being removed.`);
	}

	if (spec.mode !== known.spec.mode) {
		throw new ClusterError(
			'conflict',
			`The mode of service ${known.name} is ${known.spec.mode} and cannot be changed.`,
			{
				hint: 'Remove the service and create it anew.',
			},
		);
	}

	const renewed = versionText(spec) !== versionText(known.spec);
	const version = renewed ? versionNumber(versionsOf(write.tx, known.id), known, spec) : known.version;
	const rollout = renewed ? beginRollout(known, version, write.now) : rolloutAsAsked(known, patch, write.now);
	const status = {...known.status, ports};
	const service = write.tx.put('service', {...known, spec, version, status, ...(rollout && {rollout})});
	keepVersion(write, service);
	const isBack = renewed && version < known.version;
	emit(
		write,
		service,
		isBack ? 'RollingBack' : renewed ? 'Updating' : 'Changed',
		changeText(known.spec, spec, version),
	);
	return service;
}

/** Who asks for it to go on, though nothing keeps it but its failures, wants these forgotten. */
function rolloutAsAsked({rollout}: Service, patch: Patch<ServiceSpec>, now: number): Rollout | undefined {
	return rollout?.state === 'paused' && patch.paused === false ? resumed(rollout, now) : rollout;
}

function changeText(before: ServiceSpec, after: ServiceSpec, version: number): string {
	if (before.replicas !== after.replicas) {
		return `scaled from ${before.replicas} to ${after.replicas}`;
	}

	if (before.paused !== after.paused) {
		return after.paused ? 'updates are paused' : 'updates go on';
	}

	return `to version ${version}`;
}
