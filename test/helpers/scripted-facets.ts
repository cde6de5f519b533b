import {tarEnd, tarHeader, tarPadding} from '../../source/core/archive/tar.ts';
import type {Facets} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import type {ResourceFacet} from '../../source/core/resource/facet.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {scriptedResources} from './scripted-resources.ts';
import type {ScriptedSessions} from './scripted-session.ts';

export type ScriptedFacetsOptions = {
	readonly sessions: ScriptedSessions;
	/** What was asked for is told as a write is: `kill web.1 SIGKILL`. */
	wrote(text: string): void;
	/** Until an answer may be given. */
	turn(): Promise<void>;
};

/** All that can be done to instances and services on one engine or another, done to nobody. */
export function scriptedFacets({sessions, wrote, turn}: ScriptedFacetsOptions): Partial<Facets> {
	return {
		...sessions.facets,
		resources: scriptedResources(wrote) as ResourceFacet,
		namespaces: {current: 'default', list: async () => ['default', 'other']},
		membership: {
			init: async () => '',
			facts: async () => ({
				...{id: 'swarm', createdAt: 0, managers: ['10.0.0.1:2377'], rotatingCa: false, caCertificate: ''},
				settings: {
					...{autolock: false, taskHistoryLimit: 5, certExpiryMs: 0, heartbeatMs: 0},
					...{snapshotInterval: 0, maxSnapshots: 0},
				},
			}),
			async update() {},
			async joinToken(role) {
				await turn();
				return `SWMTKN-${role}`;
			},
			async rotateJoinToken() {},
			join: async () => 'n4',
			async leave(node) {
				wrote(`leave ${node?.name}`);
			},
			unlockKey: async () => undefined,
			async rotateUnlockKey() {},
			async unlock() {},
			async rotateCa() {},
		},
		async history({name}) {
			await turn();
			const spec = (image: string) => {
				const {template, ports, forceUpdate} = serviceSpec({template: {image}});
				return {template, ports, forceUpdate};
			};
			return [
				{version: 2, isCurrent: true, instances: 4, spec: spec('nodejs')},
				{version: 1, isCurrent: false, instances: 0, spec: spec(`old-${name}`)},
			];
		},
		async moveInstances(instances) {
			wrote(`move ${instances.map(({name}) => name).join(' ')}`);
		},
		async trigger({name}) {
			wrote(`trigger ${name}`);
			return `${name}-1`;
		},
		async evict({name}, {force}) {
			wrote(`${force ? 'remove' : 'evict'} instance ${name}`);
		},
		async taint({name}, taints) {
			wrote(
				`taint ${name} ${taints.map(change => ('set' in change ? `${change.set.key}:${change.set.effect}` : `${change.remove.key}-`)).join(' ')}`,
			);
		},
		async kill({name}, signal) {
			wrote(`kill ${name} ${signal}`);
		},
		async debug({name}, {image, size}) {
			return sessions.start(`${image} beside ${name}`, size);
		},
		async connect({name}, port) {
			throw new ClusterError('conflict', `nothing listens on port ${port} of ${name}`);
		},
		files: {
			stat: async (_, path) => (path.endsWith('.txt') ? 'file' : 'folder'),
			async *read() {
				const content = Buffer.from('from there\n');
				yield tarHeader({name: 'it', type: 'file', mode: 0o644, modifiedS: 0, size: content.length, target: ''});
				yield content;
				yield tarPadding(content.length);
				yield tarEnd;
			},
			async write({name}, folder, archive) {
				for await (const _ of archive);
				wrote(`copy to ${name} ${folder}`);
			},
		},
	};
}
