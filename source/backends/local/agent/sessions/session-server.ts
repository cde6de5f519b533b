import {chmodSync, rmSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {ClusterError, toClusterError} from '../../../../core/error.ts';
import {prepareSocketFolder} from '../../home.ts';
import type {SessionAnswer, SessionRequest} from '../../protocol.ts';
import type {AgentInstance} from '../instance/instance.ts';
import {openAttach} from './attach.ts';
import {openExec} from './exec.ts';
import {readLine} from './read-line.ts';

export type SessionServerOptions = {
	readonly socketPath: string;
	readonly instance: (id: string) => AgentInstance | undefined;
	readonly mayAct: () => boolean;
	readonly log: (message: string) => void;
};

/** Each is a process or two. */
const maxSessions = 128;

/** Serves exec and attach, as protocol.ts says under SessionRequest. Without them instances run all the same. */
export function serveSessions(options: SessionServerOptions): Promise<void> {
	const {socketPath, log} = options;
	const server = createServer({pauseOnConnect: true}, socket => {
		socket.on('error', () => socket.destroy());
		serve(options, socket).catch(error => refuse(socket, error));
	});
	server.maxConnections = maxSessions;
	prepareSocketFolder(socketPath);
	rmSync(socketPath, {force: true});
	return new Promise(resolve => {
		server.on('error', error => {
			log(`sessions cannot be served: ${error.message}`);
			resolve();
		});
		server.listen(socketPath, () => {
			chmodSync(socketPath, 0o600);
			resolve();
		});
	});
}

async function serve({instance, mayAct}: SessionServerOptions, socket: Socket): Promise<void> {
	const {line, rest} = await readLine(socket);
	const request = JSON.parse(line) as SessionRequest;
	const found = instance(request.instanceId);
	if (!found || !mayAct()) {
		throw new ClusterError('not-found', `this node has no instance ${request.instanceId}`);
	}

	const accepted = () => answer(socket, {ok: true});
	const connection = {socket, head: rest};
	if (request.type === 'exec') {
		await openExec(found, request, connection, accepted);
	} else {
		await openAttach(found, request, connection, accepted);
	}
}

function refuse(socket: Socket, thrown: unknown): void {
	const {code, message, hint} = toClusterError(thrown);
	answer(socket, {ok: false, error: {code, message, hint}});
	socket.end();
}

function answer(socket: Socket, given: SessionAnswer): void {
	if (socket.writable) {
		socket.write(`${JSON.stringify(given)}\n`);
	}
}
