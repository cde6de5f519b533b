import type {PublishedPort} from '../../../core/model/index.ts';
import type {WireIngress} from '../wire/wire.ts';

/** What is kept of an Ingress: which Services it leads to, and by what. */
export type KeptIngress = {
	readonly name: string;
	readonly scope: string;
	readonly resourceVersion: string;
	readonly routes: ReadonlyArray<{
		readonly service: string;
		readonly port: number | undefined;
		readonly host: string | undefined;
		readonly path: string;
	}>;
	readonly secret: string | undefined;
};

export function keepIngress({metadata, spec = {}}: WireIngress): KeptIngress {
	return {
		name: metadata.name,
		scope: metadata.namespace ?? '',
		resourceVersion: metadata.resourceVersion,
		routes: (spec.rules ?? []).flatMap(({host, http}) =>
			(http?.paths ?? []).flatMap(({path = '/', backend: {service}}) =>
				service === undefined ? [] : [{service: service.name, port: service.port?.number, host, path}],
			),
		),
		secret: spec.tls?.[0]?.secretName,
	};
}

/** A port of a Service with what its Ingress of the same name says of it. */
export function withRules(name: string, port: PublishedPort, ingress: KeptIngress | undefined): PublishedPort {
	const routes = (ingress?.routes ?? []).filter(one => one.service === name && one.port === port.published);
	if (routes.length === 0) return port;
	const hosts = [...new Set(routes.flatMap(({host}) => host ?? []))];
	const paths = [...new Set(routes.map(({path}) => path))];
	return {
		...port,
		http: {...(hosts.length > 0 && {hosts}), ...(paths.join() === '/' ? {} : {paths})},
		...(ingress?.secret === undefined ? {} : {tls: ingress.secret}),
	};
}
