import {readFileSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingMessage, request as plainRequest, type ServerResponse} from 'node:http';
import https from 'node:https';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {parse} from 'yaml';

/** What becomes of a request instead of its way on: undefined lets it through. */
export type Fault = (request: {readonly method: string; readonly url: string}) => Answer | undefined;

export type Answer =
	| {readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: object}
	/** Nothing is said until the fault is taken away; then it goes on its way. */
	| 'hold';

export type FaultProxy = {
	/** One that leads through it. */
	readonly kubeconfig: string;
	/** All requests so far, those that were kept from their way too. */
	readonly seen: readonly string[];
	fail(fault: Fault | undefined): void;
	/** Ends the answers that are under way: what streams has to be opened anew. */
	breakStreams(): void;
	close(): Promise<void>;
};

/** Stands before a real API server, with the administrator's certificate, and does what a test wants to go wrong. */
export async function openFaultProxy(kubeconfig: string, folder: string): Promise<FaultProxy> {
	const config = parse(readFileSync(kubeconfig, 'utf8'));
	const [{cluster}] = config.clusters;
	const [{user}] = config.users;
	const bytes = (text: string) => Buffer.from(text, 'base64');
	const agent = new https.Agent({
		ca: bytes(cluster['certificate-authority-data']),
		cert: bytes(user['client-certificate-data']),
		key: bytes(user['client-key-data']),
		keepAlive: true,
	});
	const seen: string[] = [];
	let fault: Fault | undefined;
	let held: Array<() => void> = [];
	const open = new Set<ServerResponse>();
	const onward = (asked: IncomingMessage, answer: ServerResponse) => {
		const {method, url = '/', headers} = asked;
		const {host: _, ...others} = headers;
		const target = new URL(url, cluster.server);
		const send = target.protocol === 'http:' ? plainRequest : https.request;
		const sent = send(target, {method, headers: others, agent}, got => {
			answer.writeHead(got.statusCode ?? 502, got.headers);
			// A watch in which nothing happens has a head all the same.
			answer.flushHeaders();
			got.pipe(answer);
			got.on('error', () => answer.destroy());
		});
		sent.on('error', () => answer.destroy());
		answer.on('close', () => sent.destroy());
		asked.pipe(sent);
	};
	const server = createServer((asked, answer) => {
		const {method = 'GET', url = '/'} = asked;
		seen.push(`${method} ${url}`);
		open.add(answer);
		answer.on('close', () => open.delete(answer));
		const verdict = fault?.({method, url});
		if (verdict === undefined) onward(asked, answer);
		else if (verdict === 'hold') held.push(() => onward(asked, answer));
		else {
			answer.writeHead(verdict.status, {'content-type': 'application/json', ...verdict.headers});
			answer.end(`${JSON.stringify(verdict.body)}\n`);
		}
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	const file = path.join(folder, 'through-the-proxy');
	writeFileSync(
		file,
		JSON.stringify({
			clusters: [{name: 'proxy', cluster: {server: `http://127.0.0.1:${port}`}}],
			users: [{name: 'nobody', user: {}}],
			contexts: [{name: 'proxy', context: {cluster: 'proxy', user: 'nobody'}}],
			'current-context': 'proxy',
		}),
	);
	return {
		kubeconfig: file,
		seen,
		fail(next) {
			fault = next;
			const waiting = held;
			held = [];
			for (const go of waiting) go();
		},
		breakStreams() {
			for (const answer of open) answer.destroy();
		},
		async close() {
			agent.destroy();
			server.closeAllConnections();
			await new Promise(resolve => server.close(resolve));
		},
	};
}
