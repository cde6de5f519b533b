import {expect, test} from 'vitest';
import type {HttpRequest} from '../../../../source/backends/swarm/connection/http-client.ts';
import {swarmCalls} from '../../../../source/backends/swarm/connection/swarm-calls.ts';

/** What is sent by a call, where the engine answers so. */
async function sent(call: (calls: ReturnType<typeof swarmCalls>) => Promise<unknown>, answer?: unknown) {
	const requests: HttpRequest[] = [];
	const send = async <T>(request: HttpRequest) => {
		requests.push(request);
		return answer as T;
	};
	const told = await call(swarmCalls({send}, 'v1.41'));
	return {
		told,
		requests: requests.map(({method, path, body}) => [method, path, body].filter(Boolean).join(' ')),
		requested: requests,
	};
}

const spec = {Name: 'web', TaskTemplate: {}};

test('each has its path, and what comes from elsewhere stays one part of it', async () => {
	expect((await sent(({createService}) => createService(spec), {ID: 'new'})).told).toBe('new');
	const made = await sent(({updateService}) => updateService('a/../b?', 7, spec));
	expect(made.requests).toEqual([`POST /v1.41/services/a%2F..%2Fb%3F/update?version=7 ${JSON.stringify(spec)}`]);
	expect((await sent(({removeService}) => removeService('id'))).requests).toEqual(['DELETE /v1.41/services/id']);
	expect((await sent(({removeNode}) => removeNode('id', false))).requests).toEqual([
		'DELETE /v1.41/nodes/id?force=false',
	]);
	const image = 'reg:5000/team/web:1?x';
	expect((await sent(({distribution}) => distribution(image), {Descriptor: {digest: ''}})).requests).toEqual([
		'GET /v1.41/distribution/reg%3A5000/team/web%3A1%3Fx/json',
	]);
});

test('credentials are told as the engine reads them: base64 for addresses, filled up', async () => {
	const auth = {username: 'ü>>>>>????', password: 'secret', serveraddress: 'reg:5000'};
	const {requested} = await sent(({createService}) => createService(spec, auth), {ID: 'new'});
	const header = requested[0]?.headers?.['X-Registry-Auth'] ?? '';
	expect(header).toMatch(/^[\w-]+={0,2}$/);
	// There were both of the characters that an address has other ones for.
	expect(header).toMatch(/-.*_/);
	expect(header.length % 4).toBe(0);
	expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual(auth);
	expect((await sent(({createService}) => createService(spec), {ID: 'new'})).requested[0]?.headers).toEqual({});
});
