import {ClusterError} from '../../core/error.ts';
import type {Host} from '../host.ts';

/** All of it. Throws `usage` where it is longer than `maxBytes`. */
export function readStandardInput({stdin}: Pick<Host, 'stdin'>, maxBytes: number): Promise<Buffer> {
	const {promise, resolve, reject} = Promise.withResolvers<Buffer>();
	const chunks: Uint8Array[] = [];
	let length = 0;
	const stop = stdin.onData(data => {
		if (data === undefined) {
			stop();
			resolve(Buffer.concat(chunks));
			return;
		}

		chunks.push(data);
		length += data.length;
		if (length > maxBytes) {
			stop();
			reject(new ClusterError('usage', `standard input: at most ${maxBytes} bytes are taken`));
		}
	});
	return promise;
}
