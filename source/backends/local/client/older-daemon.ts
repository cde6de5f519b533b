import {ClusterError, toClusterError} from '../../../core/error.ts';
import {type DaemonVersion, protocolLevel} from '../protocol.ts';
import type {HttpClient} from './http-client.ts';

/** How a daemon refuses what it has never heard of: a route; a kind or another word of a list; a member. */
const unknown = /^The daemon does not know |must be one of |has an unknown member /;

/** The same client; where the daemon is older than this program, what it does not know is no fault of the user's, and said to be what it is. */
export function sayOlder(
	client: HttpClient,
	{version, level = 1}: Pick<DaemonVersion, 'version' | 'level'>,
): HttpClient {
	if (level >= protocolLevel) {
		return client;
	}

	const translated = (thrown: unknown): unknown => {
		const error = toClusterError(thrown);
		return (error.code === 'usage' || error.code === 'unsupported') && unknown.test(error.message)
			? new ClusterError(
					'unsupported',
					`the daemon is of an older muster (${version}) and cannot do this: ${error.message}`,
					{
						hint: 'muster daemon upgrade --force puts this muster in its place; instances go on.',
						cause: thrown,
					},
				)
			: thrown;
	};

	return {
		async call(...asked) {
			try {
				return await client.call(...asked);
			} catch (error) {
				throw translated(error);
			}
		},
		async *lines(...asked) {
			try {
				yield* client.lines(...asked) as AsyncIterable<never>;
			} catch (error) {
				throw translated(error);
			}
		},
		close: () => client.close(),
	};
}
