import {ClusterError} from '../core/error.ts';
import type {FileAttachment, Mount, ServiceSpec} from '../core/model/index.ts';
import {envReferences} from '../core/spec/env-template.ts';
import {nearMiss} from '../core/text/near-miss.ts';
import {fileVersionId} from './file-versions.ts';
import type {StoreReader} from './store/store.ts';

/** Names a volume that has to be made for it. */
export type MissingVolume = string;

/**
 * What a service names must be there; throws `not-found`. Configs and secrets that it follows are given the version that is
 * the newest now, so that what an instance was given is part of its service's version: a rollback brings that back too.
 */
export function admitAttachments(store: StoreReader, spec: ServiceSpec): ServiceSpec {
	const {template} = spec;
	const networks = (template.networks ?? []).map(({network}) => mustBeThere(store, 'network', network));
	if (spec.ports.length > 0 && networks.length > 0 && networks.every(network => network.spec.internal)) {
		const names = networks.map(({name}) => name).join(', ');
		throw new ClusterError('conflict', `What is only on internal networks (${names}) publishes no port.`, {
			hint: 'Join another network too, or publish nothing.',
		});
	}

	for (const tls of spec.ports.flatMap(port => port.tls ?? [])) {
		mustBeThere(store, 'secret', tls);
	}

	const configs = template.configs?.map(file => pin(store, 'config', file));
	const secrets = template.secrets?.map(file => pin(store, 'secret', file));
	refuseForeignReferences(spec);
	return {...spec, template: {...template, ...(configs && {configs}), ...(secrets && {secrets})}};
}

function mustBeThere<K extends 'network' | 'config' | 'secret'>(store: StoreReader, kind: K, name: string) {
	const found = store.byName(kind, name);
	if (!found) {
		const known = [...store.all(kind)].map(object => object.name);
		const meant = nearMiss(name, known);
		throw new ClusterError('not-found', `There is no ${kind} named ${name}.`, {
			hint: meant ? `Did you mean ${meant}?` : `Create it first: muster ${kind} create ${name}`,
		});
	}

	return found;
}

function pin(store: StoreReader, kind: 'config' | 'secret', file: FileAttachment): FileAttachment {
	const owner = mustBeThere(store, kind, file.source);
	const {version, onChange = 'update'} = file;
	if (version !== undefined && store.get('file-version', fileVersionId(owner.id, version)) === undefined) {
		throw new ClusterError('not-found', `There is no version ${version} of the ${kind} ${file.source}.`, {
			hint: `The newest is ${owner.version}.`,
		});
	}

	return version !== undefined || onChange !== 'update' ? file : {...file, version: owner.version ?? 1};
}

/** A variable is filled in from what the instance is given anyhow: so it changes with it. */
function refuseForeignReferences({template}: ServiceSpec): void {
	for (const [variable, value] of Object.entries(template.env)) {
		for (const {kind, name} of envReferences(value)) {
			const given = (kind === 'secret' ? template.secrets : template.configs) ?? [];
			if (!given.some(({source}) => source === name)) {
				throw new ClusterError('usage', `The variable ${variable} names the ${kind} ${name}, which is not given.`, {
					hint: `Add --${kind} ${name}.`,
				});
			}
		}
	}
}

/** Volumes are made when they are first named. */
export function missingVolumes(store: StoreReader, {template}: ServiceSpec): readonly MissingVolume[] {
	const names = new Set((template.mounts ?? []).flatMap((mount: Mount) => volumeOf(mount) ?? []));
	return [...names].filter(name => store.byName('volume', name) === undefined);
}

function volumeOf({type, source}: Mount): string | undefined {
	return type === 'volume' ? source : undefined;
}
