import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawNode} from '../api-types.ts';
import {toNodeName} from '../translate/translate-task.ts';
import {type Endpoint, parseEndpoint} from './endpoint.ts';

/** What opens a way to other nodes. */
export const nodesHint =
	'Set MUSTER_SWARM_NODES to how nodes are reached: tcp://{address}:2376 (TLS as for the manager) or ssh://{name}.';

/** As the setting says; else the way that leads to the manager, to another address. */
export function nodeEndpoint(
	node: RawNode,
	{endpoint, template}: {readonly endpoint: Endpoint; readonly template: string | undefined},
): Endpoint {
	const address = node.Status.Addr ?? '';
	const tls = endpoint.type === 'tcp' ? endpoint.tls : undefined;
	if (template !== undefined) {
		const text = template
			.replaceAll('{address}', address)
			.replaceAll('{name}', toNodeName(node))
			.replaceAll('{id}', node.ID);
		return parseEndpoint(text, 'MUSTER_SWARM_NODES', tls);
	}

	if (endpoint.type === 'tcp' && address !== '') return {...endpoint, host: address};
	if (endpoint.type === 'ssh' && address !== '') return {...endpoint, host: address};
	throw new ClusterError(
		'unsupported',
		`${nameOf(node)} has what is asked for, and only its own engine leads into it: the way there is not known.`,
		{hint: nodesHint},
	);
}

/** For messages. */
export function nameOf(node: RawNode): string {
	return stripControl(toNodeName(node));
}
