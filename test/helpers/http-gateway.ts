import {once} from 'node:events';
import {
	Agent,
	createServer,
	type IncomingMessage,
	type OutgoingHttpHeaders,
	type RequestListener,
	request,
	type Server,
} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {Gateway} from '../../source/backends/local/gateway/gateway.ts';
import type {HttpRules, Route} from '../../source/orchestrator/balancer.ts';
import {Dialed, freePort, until} from './tcp.ts';

export type Targets = Readonly<Record<string, number>>;

/** An HTTP server that says its name; counts the connections that it was given. */
export async function serve(
	name: string,
	listener?: RequestListener,
	port = 0,
): Promise<{port: number; server: Server; opened: () => number}> {
	let count = 0;
	const server = createServer(listener ?? ((_, response) => void response.end(name)));
	server.on('connection', () => void count++);
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	return {port: (server.address() as AddressInfo).port, server, opened: () => count};
}

export function routeOf(published: number, name: string, targets: Targets, http: HttpRules | undefined = {}): Route {
	return {
		serviceId: `${name}-id`,
		serviceName: name,
		host: '127.0.0.1',
		published,
		targets: Object.entries(targets).map(([instanceId, port]) => ({instanceId, host: '127.0.0.1', port})),
		...(http && {http}),
	};
}

export async function open(targets: Targets, http: HttpRules = {}) {
	const demanded: string[] = [];
	const gateway = new Gateway({log() {}, failedChanged() {}, demanded: id => demanded.push(id)});
	onTestFinished(() => gateway.close());
	const published = await freePort();
	let serial = 0;
	const apply = (...routes: readonly Route[]) => gateway.apply({serial: ++serial, routes});
	await apply(routeOf(published, 'web', targets, http));
	return {gateway, published, apply, demanded};
}

type Answer = {readonly status: number; readonly body: string; readonly headers: IncomingMessage['headers']};

export function keepAlive(): Agent {
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	onTestFinished(() => agent.destroy());
	return agent;
}

export async function ask(
	port: number,
	options: {path?: string; method?: string; headers?: OutgoingHttpHeaders; body?: string; agent?: Agent} = {},
): Promise<Answer> {
	const {body, ...rest} = options;
	const asked = request({port, host: '127.0.0.1', agent: false, ...rest});
	asked.on('error', () => {});
	asked.end(body);
	const [response] = (await once(asked, 'response')) as [IncomingMessage];
	let text = '';
	response.setEncoding('utf8').on('data', data => {
		text += data;
	});
	// Rejects where the answer breaks.
	await once(response, 'end');
	return {status: response.statusCode ?? 0, body: text, headers: response.headers};
}

/** Once through what one connection is told. */
export async function exchange(port: number, text: string, expected: string | RegExp): Promise<string> {
	const dialed = new Dialed(port);
	dialed.socket.write(text.replaceAll('|', '\r\n'));
	await until(() =>
		typeof expected === 'string' ? dialed.received.includes(expected) : expected.test(dialed.received),
	);
	return dialed.received;
}
