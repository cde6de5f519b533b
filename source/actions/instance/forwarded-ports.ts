import {ClusterError} from '../../core/error.ts';

export type PortPair = {readonly local: number; readonly remote: number};

/** `8080:80`, `80` (the same on both sides), `:80` (any free one here). */
export function parsePortPair(text: string): PortPair {
	const [, local, remote] = /^(?:(\d*):)?(\d+)$/.exec(text) ?? [];
	const pair = {local: Number(local === undefined ? remote : local || '0'), remote: Number(remote)};
	const isPort = (port: number, least: number) => port >= least && port <= 65_535;
	if (remote === undefined || !isPort(pair.remote, 1) || !isPort(pair.local, 0)) {
		throw new ClusterError(
			'usage',
			`${JSON.stringify(text)} is not [LOCAL:]PORT, such as 8080:80, 80, or :80 for any free port here; ports go from 1 to 65535`,
		);
	}

	return pair;
}

export function formatPortPair({local, remote}: PortPair): string {
	return local === remote ? String(remote) : `${local === 0 ? '' : local}:${remote}`;
}
