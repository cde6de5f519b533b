import {request} from 'node:http';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {stopDaemon} from '../../../source/backends/local/client/daemon-control.ts';
import type {Backend} from '../../../source/core/backend.ts';
import {type LocalEngine, localEngine, until} from '../../helpers/local-engine.ts';
import {type ReadSample, readExposition} from '../../helpers/read-exposition.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;
let backend: Backend;

beforeEach(async () => {
	engine = localEngine();
	backend = await engine.open();
});

afterEach(async () => {
	await engine.end();
});

async function read(): Promise<ReadSample[]> {
	return readExposition((await backend.facets.metrics?.read())?.text ?? '');
}

function figure(samples: readonly ReadSample[], name: string, labels: Record<string, string> = {}): number | undefined {
	return samples.find(
		sample =>
			sample.name === `muster_${name}` && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
	)?.value;
}

function get(
	port: number,
	path: string,
	headers: Record<string, string> = {},
): Promise<{status: number; body: string}> {
	return new Promise((resolve, reject) => {
		request({host: '127.0.0.1', port, path, headers}, response => {
			let body = '';
			response.setEncoding('utf8').on('data', text => {
				body += text;
			});
			response.on('end', () => resolve({status: response.statusCode ?? 0, body}));
		})
			.on('error', reject)
			.end();
	});
}

test('services, instances, nodes and the daemon are told of, and requests are counted', async () => {
	const template = {image: 'nodejs'};
	const ports = [{published: 0, target: 80, protocol: 'tcp', http: {}}] as const;
	await backend.apply({kind: 'service', name: 'web'}, {template, replicas: 2, ports}, {create: true});
	const service = await until(
		async () => (await backend.list({kind: 'service'})).items[0],
		found => found?.status.healthy === 2,
		30_000,
	);
	const port = service?.status.ports[0]?.published ?? 0;
	for (let count = 0; count < 5; count++) {
		expect((await get(port, '/')).status).toBe(200);
	}

	const samples = await until(
		read,
		found => (figure(found, 'service_requests_total', {service: 'web'}) ?? 0) >= 5,
		20_000,
	);
	expect([
		figure(samples, 'service_instances_desired', {service: 'web'}),
		figure(samples, 'service_instances_healthy', {service: 'web'}),
		figure(samples, 'instances', {service: 'web', state: 'running'}),
		figure(samples, 'service_errors_total', {service: 'web'}),
		figure(samples, 'service_request_duration_seconds_count', {service: 'web'}),
		figure(samples, 'node_state', {node: 'n1', state: 'ready'}),
		figure(samples, 'component_up', {component: 'store'}),
		figure(samples, 'store_objects', {kind: 'service'}),
	]).toEqual([2, 2, 2, 0, 5, 1, 1, 1]);
	const perInstance = ['web.1', 'web.2'].map(instance => figure(samples, 'instance_requests_total', {instance}) ?? 0);
	expect(perInstance.reduce((sum, value) => sum + value, 0)).toBe(5);
	expect(figure(samples, 'daemon_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('a listener gives them on loopback only, to loopback names only, and stays over a restart', async () => {
	const {metrics} = backend.facets;
	await expect(metrics?.listen({host: '0.0.0.0', port: 0})).rejects.toMatchObject({code: 'usage'});
	const {port = 0} = (await metrics?.listen({host: '127.0.0.1', port: 0})) ?? {};
	expect(readExposition((await get(port, '/metrics')).body).length).toBeGreaterThan(20);
	expect((await get(port, '/v1/list')).status).toBe(404);
	// A page that has its own name led here is not shown anything.
	expect((await get(port, '/metrics', {host: 'evil.example'})).status).toBe(404);
	await stopDaemon(engine.home, {all: false});
	backend = await engine.open();
	expect((await get(port, '/metrics')).status).toBe(200);
	await backend.facets.metrics?.listen(undefined);
	await expect(get(port, '/metrics')).rejects.toThrow('ECONNREFUSED');
});
