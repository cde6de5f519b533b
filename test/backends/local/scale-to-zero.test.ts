import {Agent, request} from 'node:http';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import type {Service} from '../../../source/core/model/index.ts';
import {type LocalEngine, localEngine, until} from '../../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 120_000, hookTimeout: 60_000});

const rounds = 3;
const clients = 100;

let engine: LocalEngine;
let backend: Backend;

beforeEach(async () => {
	engine = localEngine();
	backend = await engine.open();
});

afterEach(() => engine.end());

async function web(isRight: (service: Service) => boolean): Promise<Service> {
	const found = async () => (await backend.list({kind: 'service'})).items.find(isRight);
	return (await until(found, service => service !== undefined, 60_000)) as Service;
}

/** The status, or why there is none. */
function ask(port: number, method: string, agent: Agent | undefined): Promise<number | string> {
	return new Promise(resolve => {
		const asked = request({host: '127.0.0.1', port, method, path: '/', agent}, response => {
			response.resume().once('end', () => resolve(response.statusCode ?? 0));
		});
		asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
		asked.end(method === 'POST' ? 'text' : undefined);
	});
}

test('requests that come as the last instance is being stopped, or while there is none, are held and answered', async () => {
	await backend.apply(
		{kind: 'service', name: 'web'},
		{
			replicas: 1,
			ports: [{published: 0, target: 80, protocol: 'tcp', http: {}}],
			autoscale: {
				min: 0,
				max: 3,
				targets: [{metric: 'requests', value: 500}],
				upWindowMs: 0,
				downWindowMs: 500,
				cooldownMs: 0,
			},
			template: {image: 'nodejs'},
		},
		{create: true},
	);
	const {status} = await web(({status: {healthy, ports}}) => healthy === 1 && ports.length > 0);
	const port = status.ports[0]?.published ?? 0;
	const agent = new Agent({keepAlive: true, maxSockets: 20});
	for (let round = 0; round < rounds; round++) {
		expect(await ask(port, 'GET', agent)).toBe(200);
		// In the first round it is really gone, in the others it is about to be.
		await web(({spec, status: {running}}) => spec.replicas === 0 && (round > 0 || running === 0));
		const answers = await Promise.all(
			Array.from({length: clients}, (_, index) =>
				ask(port, index % 4 === 0 ? 'POST' : 'GET', index % 2 === 0 ? agent : undefined),
			),
		);
		expect(answers.filter(answer => answer !== 200)).toEqual([]);
	}

	agent.destroy();
});
