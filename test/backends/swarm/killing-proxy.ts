import net from 'node:net';

export type KillingProxy = {readonly path: string; writes(): number; end(): Promise<void>};

/** Before a Docker engine: calls once the answer to the `after`th write (a POST) that changes something has passed. */
export async function killingProxy(
	path: string,
	target: string,
	{after, kill}: {readonly after: number; kill(): void},
): Promise<KillingProxy> {
	let writes = 0;
	const sockets = new Set<net.Socket>();
	const server = net.createServer(client => {
		const engine = net.connect(target);
		let isLast = false;
		for (const socket of [client, engine]) {
			sockets.add(socket);
			socket.on('error', () => {
				client.destroy();
				engine.destroy();
			});
			socket.on('close', () => sockets.delete(socket));
		}

		client.on('data', (chunk: Buffer) => {
			const found = chunk.toString('latin1').match(/(?:^|\r\n)(?:POST|DELETE) \/\S+ HTTP\/1\.1\r\n/g)?.length ?? 0;
			if (found > 0) {
				writes += found;
				isLast = writes === after;
			}

			engine.write(chunk);
		});
		engine.on('data', (chunk: Buffer) => {
			if (isLast) kill();
			else client.write(chunk);
		});
		client.on('end', () => engine.end());
		engine.on('end', () => client.end());
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	return {
		path,
		writes: () => writes,
		async end() {
			for (const socket of sockets) socket.destroy();
			await new Promise(resolve => server.close(resolve));
		},
	};
}
