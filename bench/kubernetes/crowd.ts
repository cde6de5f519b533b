import {createClient, type KubeClient} from '../../source/backends/k8s/client.ts';
import {clock} from '../../source/backends/k8s/clock.ts';
import {credentialSource} from '../../source/backends/k8s/connection/credentials.ts';
import {loadKubeconfig} from '../../source/backends/k8s/connection/discover.ts';

/** Straight to the API server, as fast as it can. */
export async function openClient(kubeconfig: string): Promise<KubeClient> {
	const config = await loadKubeconfig({KUBECONFIG: kubeconfig});
	const [context] = config.contexts;
	if (!context) throw new Error('the kubeconfig has no context');
	const cluster = config.cluster(context.cluster);
	const source = credentialSource(cluster, config.user(context.user));
	return createClient({cluster, source, clock, version: 'bench', limits: {perSecond: 100_000, burst: 100_000}});
}

const nodeCount = 100;
const atOnce = 16;
const perNamespace = 500;
const started = '2026-01-01T00:00:00Z';

/**
 * Pods that nobody runs: bound to Node objects without a kubelet, with the status that a kubelet would have written. What
 * manages pods and nodes has to be stopped meanwhile, or it would remove them.
 */
export async function makeCrowd(client: KubeClient, pods: number, from = 0): Promise<void> {
	await each(from > 0 ? 0 : nodeCount, async index => {
		const name = `crowd-${index}`;
		await post(client, '/api/v1/nodes', {apiVersion: 'v1', kind: 'Node', metadata: {name}});
		const status = {
			conditions: [{type: 'Ready', status: 'True', lastHeartbeatTime: started, lastTransitionTime: started}],
			capacity: {cpu: '64', memory: '256Gi', pods: '500'},
			allocatable: {cpu: '64', memory: '256Gi', pods: '500'},
		};
		await patch(client, `/api/v1/nodes/${name}/status`, {status});
	});
	const firstNamespace = Math.ceil(from / perNamespace);
	await each(Math.ceil(pods / perNamespace) - firstNamespace, async offset => {
		const name = `crowd-${firstNamespace + offset}`;
		await post(client, '/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name}});
		await post(client, `/api/v1/namespaces/${name}/serviceaccounts`, {
			apiVersion: 'v1',
			kind: 'ServiceAccount',
			metadata: {name: 'default'},
		});
	});
	await each(pods - from, async offset => {
		const index = from + offset;
		const namespace = `crowd-${Math.floor(index / perNamespace)}`;
		const name = podName(index);
		await post(client, `/api/v1/namespaces/${namespace}/pods`, pod(name, index));
		await patch(client, `/api/v1/namespaces/${namespace}/pods/${name}/status`, {status: running(index, 0)});
	});
}

export function podName(index: number): string {
	return `pod-${String(index).padStart(5, '0')}-${(index * 7919).toString(36)}`;
}

/** One change of a pod that a watch tells of. */
export async function touchPod(client: KubeClient, index: number, restarts: number): Promise<void> {
	const namespace = `crowd-${Math.floor(index / perNamespace)}`;
	const path = `/api/v1/namespaces/${namespace}/pods/${podName(index)}/status`;
	await patch(client, path, {status: running(index, restarts)});
}

/** As large as pods are in real clusters: what admission, injectors and probes add up to. */
function pod(name: string, index: number): object {
	const labels = {app: `app-${index % 200}`, 'pod-template-hash': '7d9c5b8f6d', tier: 'bench', release: 'stable'};
	const env = Array.from({length: 12}, (_, at) => ({name: `SETTING_${at}`, value: `value of setting ${at}`}));
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {name, labels, annotations: {'bench/checksum': 'a'.repeat(64)}},
		spec: {
			nodeName: `crowd-${index % nodeCount}`,
			automountServiceAccountToken: false,
			containers: [
				{
					name: 'main',
					image: 'registry.example/team/app:1.2.3',
					env,
					ports: [{containerPort: 8080}],
					resources: {requests: {cpu: '10m', memory: '32Mi'}, limits: {memory: '64Mi'}},
					readinessProbe: {httpGet: {path: '/ready', port: 8080}},
					livenessProbe: {httpGet: {path: '/live', port: 8080}},
				},
			],
		},
	};
}

function running(index: number, restarts: number): object {
	const condition = (type: string) => ({type, status: 'True', lastTransitionTime: started});
	return {
		phase: 'Running',
		podIP: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
		startTime: started,
		conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
		containerStatuses: [
			{
				name: 'main',
				image: 'registry.example/team/app:1.2.3',
				imageID: `registry.example/team/app@sha256:${'b'.repeat(64)}`,
				containerID: `containerd://${'c'.repeat(64)}`,
				ready: true,
				started: true,
				restartCount: restarts,
				state: {running: {startedAt: started}},
			},
		],
	};
}

async function each(count: number, make: (index: number) => Promise<void>): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < count) await make(next++);
	};
	await Promise.all(Array.from({length: atOnce}, worker));
}

async function post(client: KubeClient, path: string, object: object): Promise<void> {
	await client.text({method: 'POST', path, body: {type: 'application/json', text: JSON.stringify(object)}});
}

async function patch(client: KubeClient, path: string, object: object): Promise<void> {
	const body = {type: 'application/merge-patch+json', text: JSON.stringify(object)};
	await client.text({method: 'PATCH', path, body});
}
