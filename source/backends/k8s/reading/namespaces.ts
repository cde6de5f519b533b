import {ClusterError, toClusterError} from '../../../core/error.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import type {WireList, WireObject} from '../wire/wire.ts';
import type {Resource} from './resources.ts';

const path = '/api/v1/namespaces';

/**
 * Throws `not-found` where there is no such namespace, or soon none: to the server a list of it is just empty. Who may not ask is told nothing,
 * as is who cannot.
 */
export async function requireNamespace(
	client: KubeClient,
	name: string,
	signal?: AbortSignal,
	/** One that is being deleted will do: there may be something in it. */
	{evenGoing = false}: {readonly evenGoing?: boolean} = {},
): Promise<void> {
	try {
		const {metadata} = await client.json<WireObject>({path: `${path}/${encodeURIComponent(name)}`, signal});
		if (metadata.deletionTimestamp !== undefined && !evenGoing) throw namespaceGoing(name);
	} catch (thrown) {
		const {code, message} = toClusterError(thrown);
		if (thrown instanceof ClusterError && message.endsWith(going)) throw thrown;
		// Whatever stands before the server may not know the path itself.
		if (code !== 'not-found' || !message.startsWith('namespaces ')) return;
		throw noNamespace(name, await namesOf(client, signal), thrown);
	}
}

/** What is kept of the one that is looked at. */
export type KeptNamespace = {readonly isGoing: boolean};

/** The one with this name, alone in its collection. */
export const namespaceResource: Resource<WireObject, KeptNamespace> = {
	api: '/api/v1',
	plural: 'namespaces',
	namespaced: false,
	keep: ({metadata}) => ({isGoing: metadata.deletionTimestamp !== undefined}),
};

export function namespacePath(name: string): string {
	return `${path}?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
}

export function namespaceGone(name: string): ClusterError {
	return new ClusterError('not-found', `the namespace ${JSON.stringify(stripControl(name))} was deleted`);
}

const going = 'is being deleted';

export function namespaceGoing(name: string): ClusterError {
	return new ClusterError('not-found', `the namespace ${JSON.stringify(stripControl(name))} ${going}`);
}

function noNamespace(name: string, names: readonly string[], cause: unknown): ClusterError {
	const meant = nearMiss(name, names);
	const hint =
		name === 'all'
			? 'All of them: -A'
			: meant === undefined
				? '`muster get namespaces` shows what there is'
				: `did you mean ${stripControl(meant)}?`;
	return new ClusterError('not-found', `there is no namespace ${JSON.stringify(stripControl(name))}`, {hint, cause});
}

async function namesOf(client: KubeClient, signal: AbortSignal | undefined): Promise<readonly string[]> {
	try {
		const {items} = await client.json<WireList<WireObject>>({path, signal});
		return (items ?? []).map(({metadata}) => metadata.name);
	} catch {
		return [];
	}
}
