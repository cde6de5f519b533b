import {ClusterError} from '../../../core/error.ts';
import type {PublishedPort, ServiceSpec} from '../../../core/model/index.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath, objectPath} from '../reading/resources.ts';
import {own} from '../translate/translate-meta.ts';
import {withQuery} from '../watch.ts';
import type {WireObject} from '../wire/wire.ts';
import type {Json} from './json.ts';
import {isSame} from './manifest-template.ts';
import {ifThere, manager, type Writing} from './writing.ts';

/** Of ports that are led by HTTP: what an Ingress has no place for is named. */
export function refuseRules({ports}: ServiceSpec): void {
	for (const {published, target, http, tls, proxyProtocol} of ports) {
		const refuse = (why: string) => {
			throw new ClusterError('unsupported', `--publish ${published}:${target}: ${why}`);
		};
		if (proxyProtocol) refuse('the PROXY protocol is for the load balancer of the cluster to speak');
		if (http?.sticky) refuse('what makes clients stay differs with the ingress controller: set its annotation');
		if (http?.maxRequests !== undefined) refuse('an Ingress limits no requests');
		if (tls !== undefined && http === undefined) refuse('TLS ends at an Ingress, which is for HTTP: add /http');
	}

	if (new Set(ports.flatMap(({tls}) => tls ?? [])).size > 1) {
		throw new ClusterError('unsupported', '--publish …,tls=…: all ports of a service have one certificate here');
	}
}

/** The Ingress with the service's name, made, changed or removed as its ports are led by HTTP. */
export async function writeIngress(
	{client}: Pick<Writing, 'client'>,
	{scope, name, before}: {readonly scope: string; readonly name: string; readonly before: ServiceSpec | undefined},
	after: ServiceSpec,
): Promise<void> {
	const [was, is] = [(before?.ports ?? []).filter(isLed), after.ports.filter(isLed)];
	if (isSame(was, is)) return;
	const resource = partResources.ingresses as never;
	const path = objectPath(resource, scope, name);
	const live = was.length > 0 ? await ifThere(client.json<WireObject>({path})) : undefined;
	if (is.length === 0) {
		if (live) await ifThere(client.text({method: 'DELETE', path}));
	} else if (live) {
		const body = {type: 'application/merge-patch+json', text: JSON.stringify({spec: specOf(name, is)})};
		await client.text({method: 'PATCH', path: withQuery(path, manager), body});
	} else {
		const text = JSON.stringify({
			apiVersion: 'networking.k8s.io/v1',
			kind: 'Ingress',
			metadata: {name, labels: {[own.managedByLabel]: own.managedBy}},
			spec: specOf(name, is),
		});
		const all = withQuery(collectionPath(resource, scope), manager);
		await client.text({method: 'POST', path: all, body: {type: 'application/json', text}});
	}
}

/** With the service; one that somebody else has made stays. */
export async function removeIngress({client}: Pick<Writing, 'client'>, scope: string, name: string): Promise<void> {
	const path = objectPath(partResources.ingresses as never, scope, name);
	const live = await ifThere(client.json<WireObject>({path}));
	if (live?.metadata.labels?.[own.managedByLabel] === own.managedBy) {
		await ifThere(client.text({method: 'DELETE', path}));
	}
}

function isLed({http}: PublishedPort): boolean {
	return http !== undefined;
}

function specOf(name: string, ports: readonly PublishedPort[]): Json {
	const rules = ports.flatMap(({published, http}) =>
		(http?.hosts ?? [undefined]).map(host => ({
			...(host === undefined ? {} : {host}),
			http: {
				paths: (http?.paths ?? ['/']).map(path => ({
					path,
					pathType: 'Prefix',
					backend: {service: {name, port: {number: published}}},
				})),
			},
		})),
	);
	const secretName = ports.find(({tls}) => tls !== undefined)?.tls;
	const hosts = [...new Set(ports.flatMap(({http}) => http?.hosts ?? []))];
	return {rules, tls: secretName === undefined ? null : [{...(hosts.length > 0 && {hosts}), secretName}]};
}
