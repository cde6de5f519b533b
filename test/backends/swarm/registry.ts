import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {liveSwarm, type SwarmNode} from './live-swarm.ts';

type Stored = {readonly type: string; readonly data: Buffer};

export type Registry = {
	/** What its images' names begin with. */
	readonly host: string;
	/** From now on the tag stands for this image of the first node; answers with its digest. Nodes of a test's swarm pull nothing
	 *  by themselves: they have it when this is answered. */
	serve(tag: string, image: string): Promise<string>;
	end(): void;
};

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

function digestOf(data: Buffer): string {
	return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

/** A file of what `docker save` gives. */
async function saved(image: string, file?: string): Promise<Buffer> {
	const [first] = liveSwarm().nodes;
	const tar = file === undefined ? 'tar -xO manifest.json' : `tar -xO ${file}`;
	const {stdout} = await promisify(execFile)('sh', ['-c', `docker -H unix://${first?.socket} save ${image} | ${tar}`], {
		encoding: 'buffer',
		maxBuffer: 2 ** 27,
	});
	return stdout;
}

async function pull({socket}: SwarmNode, image: string, host: string, credentials: string): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-pull-'));
	try {
		const auths = {[host]: {auth: Buffer.from(credentials).toString('base64')}};
		writeFileSync(path.join(folder, 'config.json'), JSON.stringify({auths}));
		await promisify(execFile)('docker', ['--config', folder, '-H', `unix://${socket}`, 'pull', '-q', image]);
	} finally {
		rmSync(folder, {recursive: true});
	}
}

/** A registry that the nodes of the swarm can reach, which tells nothing without these credentials. */
export async function startRegistry(credentials: string): Promise<Registry> {
	const {nodes} = liveSwarm();
	const [first] = nodes;
	const host = `${first?.address.replace(/\d+$/, '1')}:5000`;
	const stored = new Map<string, Stored>();
	const server = createServer((request, response) => {
		const isKnown = request.headers.authorization === `Basic ${Buffer.from(credentials).toString('base64')}`;
		const found = stored.get(request.url?.split('/').at(-1) ?? '');
		if (!isKnown) {
			response.writeHead(401, {'www-authenticate': 'Basic realm="test"'}).end();
		} else if (request.url === '/v2/') {
			response.end();
		} else if (found === undefined) {
			response.writeHead(404).end();
		} else {
			const {type, data} = found;
			const headers = {'content-type': type, 'content-length': data.length, 'docker-content-digest': digestOf(data)};
			response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : data);
		}
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(5000, host.split(':')[0], resolve);
	});
	const keep = (data: Buffer, type = 'application/octet-stream') => {
		const digest = digestOf(data);
		stored.set(digest, {type, data});
		return {digest, size: data.length};
	};

	return {
		host,
		async serve(tag, image) {
			const [{Config, Layers}] = JSON.parse(String(await saved(image))) as [{Config: string; Layers: string[]}];
			const type = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
			const layers = [];
			for (const layer of Layers) layers.push({mediaType: type, ...keep(await saved(image, layer))});
			const config = {mediaType: 'application/vnd.docker.container.image.v1+json', ...keep(await saved(image, Config))};
			const manifest = Buffer.from(JSON.stringify({schemaVersion: 2, mediaType: manifestType, config, layers}));
			stored.set(tag, {type: manifestType, data: manifest});
			const {digest} = keep(manifest, manifestType);
			await Promise.all(nodes.map(node => pull(node, `${host}/app@${digest}`, host, credentials)));
			return digest;
		},
		end() {
			server.close();
			server.closeAllConnections();
		},
	};
}
