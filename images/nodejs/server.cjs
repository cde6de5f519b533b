'use strict';

// An HTTP server that tells who it is, and can be told to misbehave: see README.md. CommonJS, and no module but one: a
// hundred of these are started at once, and node:http by `import` would make each half as slow again.
const {createServer} = require('node:http');
const {createServer: createListener} = require('node:net');

const {env, pid} = process;
const maxDelayMs = 600_000;
/** With no connection for so long after SIGTERM it ends: whoever was on the way by then has arrived. */
const settleMs = 100;

const who = line({
	service: env.MUSTER_SERVICE,
	instance: env.MUSTER_INSTANCE_NAME,
	node: env.MUSTER_NODE,
	version: env.MUSTER_VERSION,
	pid,
});

const port = setting('PORT');
const startDelayMs = setting('START_DELAY_MS', 0);
const slowMs = setting('SLOW_MS', 0);
const failHealthAfterS = setting('FAIL_HEALTH_AFTER_S');
const exitAfterS = setting('EXIT_AFTER_S');
const exitCode = setting('EXIT_CODE', 1);

let isFailing = false;
let isStopping = false;
let connections = 0;
let settling;

const routes = {
	'/'(response) {
		if (slowMs > 0) setTimeout(answer, slowMs, response, 200, who);
		else answer(response, 200, who);
	},
	'/health'(response) {
		answer(response, isFailing ? 503 : 200, line({health: isFailing ? 'failing' : 'ok'}));
	},
	'/slow'(response, query) {
		const ms = Number(new URLSearchParams(query).get('ms') ?? 1000);
		if (ms >= 0 && ms <= maxDelayMs) setTimeout(answer, ms, response, 200, who);
		else refuse(response, `ms must be a number from 0 to ${maxDelayMs}`);
	},
	'/fail-health'(response, query) {
		isFailing = !new URLSearchParams(query).has('off');
		answer(response, 200, line({health: isFailing ? 'failing' : 'ok'}));
	},
	'/exit'(response, query) {
		const code = Number(new URLSearchParams(query).get('code') ?? exitCode);
		if (!Number.isInteger(code) || code < 0 || code > 255) {
			refuse(response, 'code must be a whole number from 0 to 255');
			return;
		}

		response.once('close', () => process.exit(code));
		answer(response, 200, line({exit: code}));
	},
};

const server = createServer((request, response) => {
	request.resume();
	if (isStopping) response.setHeader('connection', 'close');
	const [path, query] = request.url.split('?', 2);
	if (Object.hasOwn(routes, path)) routes[path](response, query);
	else answer(response, 404, line({error: `no such path, there are ${Object.keys(routes).join(' ')}`}));
});

function answer(response, status, text) {
	response.writeHead(status, {'content-type': 'application/json', 'content-length': Buffer.byteLength(text)});
	response.end(text);
}

function refuse(response, error) {
	answer(response, 400, line({error}));
}

function line(value) {
	return `${JSON.stringify(value)}\n`;
}

/** A number from the environment; with what it is when it is not set there. */
function setting(name, byDefault) {
	const value = env[name] ? Number(env[name]) : byDefault;
	if (value !== undefined && !(value >= 0)) end(2, `${name} must be a number from 0, found ${env[name]}`);
	if (value === undefined && name === 'PORT') end(2, 'PORT is missing: the port to listen on');
	return value;
}

function end(code, message) {
	process.stderr.write(`${message}\n`);
	process.exit(code);
}

// Nobody is sent here any more when SIGTERM comes, but who was chosen before may still be on the way: the port stays
// open to the end, and that comes when nobody is left. Looked at after what waits to be accepted has been.
function settle() {
	clearTimeout(settling);
	if (isStopping && connections === 0) {
		settling = setTimeout(setImmediate, settleMs, () => {
			if (connections === 0) process.exit(0);
		});
	}
}

server.on('connection', socket => {
	connections++;
	socket.once('close', () => {
		connections--;
		settle();
	});
});
server.on('error', error => {
	if (!server.listening) end(1, error.message);
});
// A connection that this side closes might just be bringing a request.
server.keepAliveTimeout = 0;
process.on('SIGTERM', () => {
	isStopping = true;
	settle();
});

function start() {
	server.listen({host: '127.0.0.1', port, backlog: 1024});
	if (env.MUSTER_SOCKET) {
		// Where it cannot be, the port is enough.
		const listener = createListener(socket => server.emit('connection', socket)).on('error', () => {});
		listener.listen({path: env.MUSTER_SOCKET, backlog: 1024});
	}

	if (failHealthAfterS !== undefined) {
		setTimeout(() => {
			isFailing = true;
		}, failHealthAfterS * 1000);
	}

	if (exitAfterS !== undefined) {
		setTimeout(end, exitAfterS * 1000, exitCode, `ends with ${exitCode}, as EXIT_AFTER_S says`);
	}
}

if (startDelayMs > 0) setTimeout(start, startDelayMs);
else start();
