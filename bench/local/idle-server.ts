// An idle Node server on the unix socket of argv[2] that answers everything with the body of the file argv[3]: the peer of
// the daemon's API in bench/local/create.ts.
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';

const [, , socketPath = '', bodyPath = ''] = process.argv;
const body = readFileSync(bodyPath);
createServer((_, response) => {
	response.writeHead(200, {'content-type': 'application/json', 'content-length': body.length});
	response.end(body);
}).listen(socketPath);
