import {ClusterError} from '../../../core/error.ts';
import type {Kind} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawFile, RawNetwork} from '../api-types.ts';
import type {Names} from './attachments.ts';
import {logicalName, versionsByName} from './file-versions.ts';

export type Named = {
	readonly networks: readonly RawNetwork[];
	readonly configs: readonly RawFile[];
	readonly secrets: readonly RawFile[];
};

export function namesIn({networks, configs, secrets}: Named): Names {
	const networkById = new Map(networks.map(({Id, Name}) => [Id, Name]));
	return {
		networkName: id => networkById.get(id),
		networkId(name) {
			const found = networks.filter(({Name, Id}) => Name === name || Id === name);
			return present((found.find(({Scope}) => Scope === 'swarm') ?? found[0])?.Id, 'network', name);
		},
		config: file(configs, 'config'),
		secret: file(secrets, 'secret'),
	};
}

function file(files: readonly RawFile[], kind: 'config' | 'secret'): Names['config'] {
	return {
		logical(id, name) {
			const found = files.find(({ID}) => ID === id);
			return found === undefined ? name : logicalName(found);
		},
		newest(name) {
			const found = versionsByName(files).get(name)?.[0] ?? files.find(({Spec}) => Spec.Name === name);
			const raw = present(found, kind, name);
			return {id: raw.ID, name: raw.Spec.Name};
		},
	};
}

function present<T>(found: T | undefined, kind: Kind, name: string): T {
	if (found === undefined) {
		throw new ClusterError('not-found', `there is no ${kind} ${JSON.stringify(stripControl(name))}`, {
			hint: `Create it first: muster ${kind} create.`,
		});
	}

	return found;
}
