import type {Agent, AgentOptions} from 'node:http';
import type {Duplex} from 'node:stream';
import {usualAuthorities} from '../../../core/authorities.ts';
import type {Endpoint} from './endpoint.ts';

// node:http and its kin by getBuiltinModule: an import would load their ESM faces, a third of what a short command takes.

const connectTimeoutMs = 10_000;

/** A new connection to a Docker API: over a socket, TLS, or the user's ssh. */
export function dial(endpoint: Endpoint): Duplex {
	switch (endpoint.type) {
		case 'unix':
			return process.getBuiltinModule('node:net').connect(endpoint.path);
		case 'tcp':
			return connectTcp(endpoint);
		case 'ssh':
			return connectSsh(endpoint);
	}
}

/** Each of ssh is a process. */
export function mostConnections({type}: Endpoint): number {
	return type === 'ssh' ? 4 : 32;
}

/** The connections as dockerode wants them, kept open between requests. */
export function agentFor(endpoint: Endpoint): Agent {
	const {Agent: HttpAgent} = process.getBuiltinModule('node:http');
	class DockerAgent extends HttpAgent {
		override createConnection(_: unknown, done?: (error: Error | null, stream: Duplex) => void): Duplex {
			void done;
			return dial(endpoint);
		}
	}

	const options: AgentOptions = {keepAlive: true, maxSockets: mostConnections(endpoint), timeout: 0};
	return new DockerAgent(options);
}

function connectTcp({host, port, tls}: Extract<Endpoint, {type: 'tcp'}>): Duplex {
	const net = process.getBuiltinModule('node:net');
	const socket =
		tls === undefined
			? net.connect({host, port})
			: process.getBuiltinModule('node:tls').connect({
					host,
					port,
					...(net.isIP(host) === 0 && {servername: host}),
					...tls,
					ca: tls.ca ?? usualAuthorities(process.getBuiltinModule('node:tls')),
				});
	// A host that is gone answers nothing at all.
	const timer = setTimeout(() => {
		socket.destroy(Object.assign(new Error(`no connection within ${connectTimeoutMs / 1000} s`), {code: 'ETIMEDOUT'}));
	}, connectTimeoutMs);
	for (const event of ['connect', 'error', 'close']) socket.once(event, () => clearTimeout(timer));
	socket.setKeepAlive(true, 15_000);
	return socket;
}

/**
 * `ssh HOST docker system dial-stdio`, as the docker command does it, with the user's own settings, agent and known hosts. It
 * asks nothing: several are opened at once, and the terminal may be a dashboard's.
 */
function connectSsh({host, port, user, path}: Extract<Endpoint, {type: 'ssh'}>): Duplex {
	const {spawn} = process.getBuiltinModule('node:child_process');
	const stream = process.getBuiltinModule('node:stream');
	const child = spawn(
		'ssh',
		[
			...(user === undefined ? [] : ['-l', user]),
			...(port === undefined ? [] : ['-p', String(port)]),
			...['-o', 'ConnectTimeout=10', '-o', 'BatchMode=yes', '-T', '--'],
			host,
			'docker',
			...(path === undefined ? [] : ['--host', `unix://${path}`]),
			'system',
			'dial-stdio',
		],
		{stdio: ['pipe', 'pipe', 'pipe']},
	);
	let said = '';
	child.stderr.on('data', (data: Buffer) => {
		said = (said + data.toString()).slice(-2000);
	});
	const duplex = new stream.Duplex({
		read: () => child.stdout.resume(),
		// What cannot be written any more has a reason, which is told at its end.
		write: (chunk, encoding, done) => child.stdin.write(chunk, encoding, () => done()),
		final: done => child.stdin.end(() => done()),
		destroy(error, done) {
			child.kill();
			done(error);
		},
	});
	child.stdin.on('error', () => {});
	child.stdout.on('data', (data: Buffer) => {
		if (!duplex.push(data)) child.stdout.pause();
	});
	child.on('error', error => duplex.destroy(error));
	child.on('close', code => {
		if (code === 0 || code === null) duplex.push(null);
		else duplex.destroy(Object.assign(new Error(said.trim() || `ssh ended with ${code}`), {code: 'ESSH'}));
	});
	return asSocket(duplex);
}

/** What node:http asks of a socket and a pipe has not. */
function asSocket(duplex: Duplex): Duplex {
	const nothing = () => duplex;
	return Object.assign(duplex, {
		setTimeout: nothing,
		setKeepAlive: nothing,
		setNoDelay: nothing,
		ref: nothing,
		unref: nothing,
	});
}
