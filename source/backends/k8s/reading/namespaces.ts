import {ClusterError, toClusterError} from '../../../core/error.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import type {WireList, WireObject} from '../wire/wire.ts';

const path = '/api/v1/namespaces';

/**
 * Throws `not-found` where there is no such namespace: to the server a list of it is just empty. Who may not ask is told nothing,
 * as is who cannot.
 */
export async function requireNamespace(client: KubeClient, name: string, signal?: AbortSignal): Promise<void> {
	try {
		await client.json<WireObject>({path: `${path}/${encodeURIComponent(name)}`, signal});
	} catch (thrown) {
		const {code, message} = toClusterError(thrown);
		// Whatever stands before the server may not know the path itself.
		if (code !== 'not-found' || !message.startsWith('namespaces ')) return;
		throw noNamespace(name, await namesOf(client, signal), thrown);
	}
}

function noNamespace(name: string, names: readonly string[], cause: unknown): ClusterError {
	const meant = nearMiss(name, names);
	return new ClusterError('not-found', `there is no namespace ${JSON.stringify(stripControl(name))}`, {
		hint: meant === undefined ? '`muster get namespaces` shows what there is' : `did you mean ${stripControl(meant)}?`,
		cause,
	});
}

async function namesOf(client: KubeClient, signal: AbortSignal | undefined): Promise<readonly string[]> {
	try {
		const {items} = await client.json<WireList<WireObject>>({path, signal});
		return (items ?? []).map(({metadata}) => metadata.name);
	} catch {
		return [];
	}
}
