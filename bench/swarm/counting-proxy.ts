import net from 'node:net';

export type CountingProxy = {readonly path: string; count(): number; end(): void};

/** A socket before another one: counts the HTTP requests that pass. */
export async function countingProxy(path: string, target: string): Promise<CountingProxy> {
	let count = 0;
	const server = net.createServer(client => {
		const engine = net.connect(target);
		client.on('data', (chunk: Buffer) => {
			count +=
				chunk.toString('latin1').match(/(?:^|\r\n)(?:GET|POST|DELETE|PUT|HEAD) \/\S* HTTP\/1\.1\r\n/g)?.length ?? 0;
		});
		client.pipe(engine).pipe(client);
		for (const socket of [client, engine]) {
			socket.on('error', () => {
				client.destroy();
				engine.destroy();
			});
		}
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	return {path, count: () => count, end: () => server.close()};
}
