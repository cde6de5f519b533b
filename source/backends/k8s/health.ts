import type {ComponentHealth} from '../../core/backend.ts';
import {type ClusterError, toClusterError} from '../../core/error.ts';
import type {KubeClient} from './client.ts';
import type {KeptNode} from './translate/translate-node.ts';
import {instantOf, type WireList, type WireObject} from './wire/wire.ts';

type WireLease = WireObject & {
	readonly spec?: {
		readonly holderIdentity?: string;
		readonly renewTime?: string;
		readonly leaseDurationSeconds?: number;
	};
};

/** Those who are led by a lease in kube-system. */
const led = ['kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager', 'cluster-autoscaler'];

/** The control plane as far as it can be asked about itself: each part, and each node's kubelet. */
export async function readHealth(
	client: KubeClient,
	now: () => number,
	nodes: () => Promise<readonly KeptNode[]>,
): Promise<readonly ComponentHealth[]> {
	const parts = await Promise.all([apiServer(client), leases(client, now), kubelets(nodes)]);
	return parts.flat();
}

/** Its own checks, of which etcd is one: a line each, `[+]name ok` or `[-]name failed`. */
async function apiServer(client: KubeClient): Promise<ComponentHealth[]> {
	const [version, ready, live] = await Promise.all([
		client.json<{gitVersion?: string}>({path: '/version'}).then(
			({gitVersion = ''}) => gitVersion,
			() => '',
		),
		checks(client, '/readyz'),
		checks(client, '/livez'),
	]);
	if (typeof ready === 'string') {
		return [{name: 'kube-apiserver', state: 'failed', message: ready}];
	}

	const both = [...ready, ...(typeof live === 'string' ? [] : live.map(one => ({...one, name: `livez ${one.name}`})))];
	const failed = both.filter(({ok}) => !ok).map(({name}) => name);
	const isEtcd = (name: string) => /^(livez )?etcd/.test(name);
	const etcd = both.filter(({name}) => isEtcd(name));
	const others = failed.filter(name => !isEtcd(name));
	return [
		{
			name: 'kube-apiserver',
			state: others.length > 0 ? 'failed' : failed.length > 0 ? 'warning' : 'ok',
			message:
				others.length === 0
					? passing(version, both.length, failed.length)
					: `${others.length} of ${both.length} checks fail: ${others.join(', ')}`,
		},
		...(etcd.length === 0
			? []
			: [
					{
						name: 'etcd',
						state: etcd.every(({ok}) => ok) ? ('ok' as const) : ('failed' as const),
						message: etcd.every(({ok}) => ok) ? 'answers the API server' : 'does not answer the API server',
					},
				]),
	];
}

function passing(version: string, all: number, failed: number): string {
	const text = failed === 0 ? `ready and live: ${all} checks pass` : `lives, and can do nothing without its storage`;
	return [version, text].filter(part => part !== '').join(', ');
}

type Check = {readonly name: string; readonly ok: boolean};

async function checks(client: KubeClient, path: string): Promise<readonly Check[] | string> {
	try {
		return readChecks(await client.text({path: `${path}?verbose`}));
	} catch (thrown) {
		const {message} = toClusterError(thrown);
		const found = readChecks(String((toClusterError(thrown).cause as {body?: string})?.body ?? ''));
		return found.length > 0 ? found : message;
	}
}

export function readChecks(text: string): Check[] {
	return [...text.matchAll(/^\[([+-])\](\S+)/gm)].map(([, sign, name = '']) => ({name, ok: sign === '+'}));
}

async function leases(client: KubeClient, now: () => number): Promise<ComponentHealth[]> {
	const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
	try {
		const {items} = await client.json<WireList<WireLease>>({path});
		return (items ?? []).flatMap(({metadata, spec = {}}) => {
			if (!led.includes(metadata.name)) return [];
			const renewed = instantOf(spec.renewTime);
			const ageS = renewed === undefined ? Number.POSITIVE_INFINITY : Math.max(0, (now() - renewed) / 1000);
			const holder = spec.holderIdentity?.replace(/_[-0-9a-f]+$/, '') ?? '';
			const isLate = ageS > (spec.leaseDurationSeconds ?? 15);
			const age = Number.isFinite(ageS) ? `${Math.round(ageS)} s ago` : 'never';
			return [
				{
					name: metadata.name,
					state: isLate || holder === '' ? ('failed' as const) : ('ok' as const),
					message:
						holder === ''
							? `nobody leads: its lease was given up ${age}`
							: isLate
								? `its lease was last renewed ${age}`
								: `led by ${holder}, renewed ${age}`,
				},
			];
		});
	} catch (thrown) {
		const error = toClusterError(thrown);
		return led.slice(0, 2).map(name => notKnown(name, error));
	}
}

async function kubelets(nodes: () => Promise<readonly KeptNode[]>): Promise<ComponentHealth[]> {
	try {
		return (await nodes()).map(({base, kubelet, runtime}) => ({
			name: `kubelet ${base.name}`,
			state: base.status.state === 'ready' ? 'ok' : 'failed',
			message: [kubelet, runtime, base.status.message].filter(text => text !== undefined).join(' · '),
		}));
	} catch (thrown) {
		return [notKnown('kubelet of each node', toClusterError(thrown))];
	}
}

function notKnown(name: string, {code, message}: ClusterError): ComponentHealth {
	return {name, state: code === 'not-allowed' ? 'unknown' : 'warning', message: `not known: ${message}`};
}
