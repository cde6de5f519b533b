import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {Schema} from '../../scripts/generate/schema-parts.ts';
import {schemas} from '../../scripts/generate/schemas.ts';
import {eventShape, imageShape, instanceShape, nodeShape, serviceShape} from '../../source/commands/output/shape.ts';
import {
	configListing,
	memberShape,
	networkListing,
	secretListing,
	volumeListing,
} from '../../source/commands/output/stored.ts';
import type {ClusterEvent, Config, Image, Network, Secret, Service, Volume} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {checkServiceSpec} from '../../source/core/spec/service-spec-check.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {schemaProblems} from '../helpers/json-schema.ts';

const {services, instances, nodes} = readCluster(`
	node n1 zone=a · node n2 down · node n3 draining
	service web replicas 3 health port 8080:80 updating limit memory 64MiB · service api global · service batch job 5
	instance web.1 on n1 running healthy · instance web.2 pending because "no node has room"
	instance web.3 on n2 failed exit 3 because "exit code 3" · instance batch.1 on n1 completed
`);
const meta = {id: 'x', name: 'x', revision: '1', createdAt: 0, updatedAt: 0};
const event: ClusterEvent = {
	...meta,
	kind: 'event',
	tone: 'warning',
	about: {kind: 'node', id: 'n1-id', name: 'n1'},
	message: 'is down',
};
const image: Image = {...meta, kind: 'image', command: ['node'], env: {A: '1'}, path: '/srv/x', origin: 'added'};

const named = {...meta, usedBy: ['web']};
const network: Network = {...named, kind: 'network', reach: 'cluster', spec: {labels: {a: '1'}}};
const members = [memberShape({service: services[0] as Service, names: ['web'], instances})];
const overlay: Network = {
	...network,
	scope: 'shop',
	spec: {driver: 'overlay', labels: {}, attachable: true, internal: false, subnets: [{subnet: '10.0.0.0/24'}]},
};
const volume: Volume = {...named, kind: 'volume', spec: {labels: {}}};
const claim: Volume = {
	...volume,
	spec: {labels: {}, driver: 'local', storageClass: 'standard', sizeBytes: 1024, options: {o: 'bind'}},
	nodeName: 'n1',
	path: '/srv',
	message: 'pending',
};
const config: Config = {
	...named,
	kind: 'config',
	spec: {labels: {}, data: {data: 'x', bin: {base64: 'AA=='}}},
	version: 2,
};
const secret: Secret = {...named, kind: 'secret', spec: {labels: {}}, files: ['data'], type: 'tls', version: 1};

/** With everything that can be there. */
const full: Service = {
	...(services[0] as Service),
	spec: serviceSpec({
		template: {
			image: 'nodejs',
			user: 'root',
			workdir: '/',
			health: {test: {type: 'http', path: '/', port: 80}},
			limit: {cpus: 1, memoryBytes: 2 ** 26},
		},
		ports: [{published: 0, target: 80, host: '127.0.0.1', protocol: 'tcp'}],
	}),
	rollout: {
		state: 'rolled-back',
		isRollback: true,
		from: 2,
		pausedBy: 'failure',
		startedAt: 0,
		finishedAt: 1,
		movedAt: 1,
		resumedAt: 1,
		updated: 1,
		total: 1,
		failed: 1,
		message: 'done',
	},
};

test.each<[string, readonly unknown[]]>([
	['service', [...services, full].map(one => serviceShape(one, 'local'))],
	['instance', instances.map(one => instanceShape({...one, usage: {cpus: 0.5, at: 0}}, 'local'))],
	['instance', instances.map(one => instanceShape(one, 'local'))],
	['node', nodes.map(one => nodeShape(one, 'local'))],
	['image', [image, {...image, port: 80, description: 'x'}].map(one => imageShape(one, 'local'))],
	['network', [network, overlay].map(one => networkListing.shape(one, 'local'))],
	['network', [{...(networkListing.shape(network, 'local') as object), members}]],
	['volume', [volume, claim].map(one => volumeListing.shape(one, 'local'))],
	['config', [configListing.shape(config, 'local')]],
	['secret', [secretListing.shape(secret, 'local')]],
	['event', [eventShape(event, 'local')]],
	['component', [{name: 'store', context: 'local', state: 'ok', message: ''}]],
])('what is printed of each %s is as its schema says', (name, shapes) => {
	expect(shapes.length).toBeGreaterThan(0);
	for (const shape of shapes) {
		expect(schemaProblems(schemas[name] ?? {}, JSON.parse(JSON.stringify(shape)))).toEqual([]);
	}
});

test.each([
	'template',
	'template.container',
	'template.health',
	'template.limit',
	'template.reserve',
	'restart',
	'update',
])('the schema has what the spec of a service may have: %s', where => {
	const {path: at = '', message = ''} =
		checkServiceSpec(serviceSpec(inside(where, {unheardOf: 1}), full.spec)).find(one =>
			one.message.includes('unknown'),
		) ?? {};
	const known = message.replace(/.*known are /, '').split(', ');
	const schema = at.split('.').reduce(memberOf, schemas.service ?? {});
	expect(Object.keys(schema.properties as object).sort()).toEqual(known.sort());
});

/** `a.b` → {a: {b: value}}. */
function inside(where: string, value: unknown): Record<string, unknown> {
	return where.split('.').reduceRight((inner, name) => ({[name]: inner}), value) as Record<string, unknown>;
}

function memberOf(schema: Schema, name: string): Schema {
	return (schema.properties as Record<string, Schema>)[name] ?? {};
}

test('a schema finds what is wrong', () => {
	const [node] = nodes.map(one => nodeShape(one, 'local'));
	const {labels, ...rest} = node as object & {labels: unknown};
	const schema = schemas.node ?? {};
	expect(schemaProblems(schema, {...rest, status: 'well', more: 1})).toEqual([
		'$.labels is missing',
		'$.status is "well", not one of ready, down, unknown',
		'$.more is not known',
	]);
	expect(schemaProblems(schema, {...node, createdAt: 5, labels: {a: 1}})).toEqual([
		'$.createdAt is integer, not string',
		'$.labels.a is integer, not string',
	]);
});

test('the files are those schemas', () => {
	for (const [name, schema] of Object.entries(schemas)) {
		const file = path.join(import.meta.dirname, '../../docs/schema', `${name}.json`);
		expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
	}
});
