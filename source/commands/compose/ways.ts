import type {FileWays} from '../../actions/compose/project/attach.ts';
import type {ProjectContext} from '../../actions/compose/project/context.ts';
import type {Backend} from '../../core/backend.ts';
import {onlyFile} from '../../core/model/config.ts';

/** What is different from engine to engine. */
export type Ways = Pick<
	ProjectContext,
	'separator' | 'wordOf' | 'hasNetworks' | 'makesVolumes' | 'files' | 'leftOut' | 'exposesPorts'
> & {
	/** Containers are marked as services are, as docker stack does it. */
	readonly labelsContainers: boolean;
	/** In a Compose file an image is a container's; here others run, too. */
	readonly runsProcesses: boolean;
};

const engines: Readonly<Record<string, Ways>> = {
	local: {
		separator: '-',
		wordOf: plainWord,
		hasNetworks: true,
		makesVolumes: true,
		labelsContainers: false,
		runsProcesses: true,
		leftOut: {},
		exposesPorts: false,
		files: {targetOf: (_, key, target) => target ?? key, nameInside: undefined, noOwners: undefined},
	},
	swarm: {
		separator: '_',
		wordOf: key => key,
		hasNetworks: true,
		// Docker makes a volume where it is first mounted: on each node its own.
		makesVolumes: false,
		labelsContainers: true,
		runsProcesses: false,
		leftOut: {},
		exposesPorts: false,
		files: {
			targetOf: (kind, key, target) => target ?? (kind === 'config' ? `/${key}` : key),
			nameInside: undefined,
			noOwners: undefined,
		},
	},
	k8s: {
		separator: '-',
		wordOf: plainWord,
		hasNetworks: false,
		makesVolumes: true,
		labelsContainers: false,
		runsProcesses: false,
		exposesPorts: true,
		leftOut: {
			logging: 'logs lie where the runtime of each node puts them: `muster logs` shows them',
			'deploy.restart_policy.delay': 'the kubelet waits longer with each failure, up to 5 minutes',
			'deploy.restart_policy.window': 'the kubelet forgets failures after 10 minutes',
			'deploy.rollback_config': 'going back follows update_config',
		},
		files: {
			targetOf: podPath,
			nameInside: onlyFile,
			noOwners: 'is not set: in Kubernetes root owns such files, and mode says who may read them',
		},
	},
};

/** `db_password` is called `db-password` where names have letters of a-z, digits and `-` only. */
function plainWord(key: string): string {
	return key.toLowerCase().replace(/[_.]+/g, '-');
}

/** As Kubernetes has it: where a container finds it. */
function podPath(...[kind, key, target = key]: Parameters<FileWays['targetOf']>): string {
	if (target.startsWith('/')) return target;
	return kind === 'config' ? `/${target}` : `/run/secrets/${target}`;
}

export function waysOf({name}: Pick<Backend, 'name'>): Ways {
	return engines[name.split(':')[0] ?? ''] ?? (engines.local as Ways);
}
