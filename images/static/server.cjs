'use strict';

const {createReadStream, promises, realpathSync} = require('node:fs');
const {createServer} = require('node:http');
const {createServer: createListener} = require('node:net');
const path = require('node:path');
const {pipeline} = require('node:stream');

const types = {
	'.css': 'text/css; charset=utf-8',
	'.gif': 'image/gif',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.mjs': 'text/javascript; charset=utf-8',
	'.pdf': 'application/pdf',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2',
};

const root = folder(process.env.ROOT || path.join(__dirname, 'public'));
/** With no connection for so long after SIGTERM it ends: whoever was on the way by then has arrived. */
const settleMs = 100;
let isStopping = false;
let connections = 0;
let settling;

const server = createServer(async (request, response) => {
	request.resume();
	if (isStopping) response.setHeader('connection', 'close');
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		say(response, 405, 'only GET and HEAD\n', {allow: 'GET, HEAD'});
		return;
	}

	const found = await find(request.url);
	if (!found) {
		say(response, 404, 'not found\n');
		return;
	}

	const type = types[path.extname(found.file).toLowerCase()] ?? 'application/octet-stream';
	response.writeHead(200, {'content-type': type, 'content-length': found.size});
	if (request.method === 'HEAD') {
		response.end();
		return;
	}

	send(found, response);
});

/** Breaks the connection where the file can be read no more or has shrunk: the length was promised. */
function send({file, size}, response) {
	if (size === 0) {
		response.end();
		return;
	}

	const content = createReadStream(file, {end: size - 1});
	content.on('end', () => {
		if (content.bytesRead < size) response.destroy();
	});
	pipeline(content, response, () => {});
}

/** The file that a URL names, and only one that really lies below the root. */
async function find(url) {
	try {
		const {pathname} = new URL(url, 'http://localhost');
		const named = path.join(root, decodeURIComponent(pathname), pathname.endsWith('/') ? 'index.html' : '');
		const file = await promises.realpath(named);
		const stat = await promises.stat(file);
		return file.startsWith(root.replace(/\/?$/, '/')) && stat.isFile() ? {file, size: stat.size} : undefined;
	} catch {
		return undefined;
	}
}

function say(response, status, text, headers = {}) {
	response.writeHead(status, {'content-type': types['.txt'], 'content-length': text.length, ...headers});
	response.end(text);
}

function folder(name) {
	try {
		return realpathSync(name);
	} catch (error) {
		process.stderr.write(`ROOT: ${error.message}\n`);
		return process.exit(2);
	}
}

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
server.on('error', ({message}) => {
	if (server.listening) return;
	process.stderr.write(`${message}\n`);
	process.exit(1);
});
server.keepAliveTimeout = 0;
process.on('SIGTERM', () => {
	isStopping = true;
	settle();
});
server.listen({host: '127.0.0.1', port: Number(process.env.PORT)});
if (process.env.MUSTER_SOCKET) {
	// Where it cannot be, the port is enough.
	createListener(socket => server.emit('connection', socket))
		.on('error', () => {})
		.listen({path: process.env.MUSTER_SOCKET});
}
