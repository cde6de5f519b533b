import {readFileSync} from 'node:fs';
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

/** Docker's own words, without what the library puts around them. */
export function sentence(error: unknown): string {
	const {json, message} = error as {json?: {message?: string}; message?: string};
	return json?.message ?? message ?? String(error);
}

/** What was asked for is not there. */
export function isAbsent(error: unknown): boolean {
	return (error as {statusCode?: number}).statusCode === 404;
}
