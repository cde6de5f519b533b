import {readFileSync} from 'node:fs';
import type {Duplex} from 'node:stream';
import type {ContainerOrder} from './docker-order.ts';

type Docker = import('dockerode');

/** How a command ends that could not be started. */
export const cannotStart = 125;

/** What the agent wrote for the process that stands for a container. */
export function readOrder(file: string): ContainerOrder {
	return JSON.parse(readFileSync(file, 'utf8')) as ContainerOrder;
}

/** Loaded on use: dockerode takes a while. */
export async function openDocker(socketPath: string): Promise<Docker> {
	const {default: Docker} = await import('dockerode');
	return new Docker({socketPath});
}

/**
 * What a container prints, and the way in for what is typed. Not by dockerode's own call: it sends the options as a body,
 * too, which Podman hands to the container as if it had been typed.
 */
export function attachBothWays({id, modem}: import('dockerode').Container): Promise<Duplex> {
	return new Promise((resolve, reject) => {
		modem.dial(
			{
				path: `/containers/${id}/attach?`,
				method: 'POST',
				options: {stream: true, stdin: true, stdout: true, stderr: true},
				file: Buffer.alloc(0),
				isStream: true,
				hijack: true,
				statusCodes: {101: true, 404: 'no such container', 409: 'it does not start', 500: 'server error'},
			},
			(error: Error | null, stream: unknown) => (error ? reject(error) : resolve(stream as Duplex)),
		);
	});
}

/** Docker's own words, without what the library puts around them. */
export function sentence(error: unknown): string {
	const {json, message} = error as {json?: {message?: string}; message?: string};
	return (json?.message ?? message ?? String(error)).replace(/^\(HTTP code \d+\) [^-]* - /, '').trim();
}

/** What was asked for is not there. */
export function isAbsent(error: unknown): boolean {
	return (error as {statusCode?: number}).statusCode === 404;
}
