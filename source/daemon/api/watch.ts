import type {ListQuery} from '../../backends/local/protocol.ts';
import type {Backend, Change} from '../../core/backend.ts';
import type {Kind} from '../../core/model/index.ts';
import {objectJson} from './json-cache.ts';

/** Every change of a query, as a line. */
export async function* watchLines(
	objects: Pick<Backend, 'watch'>,
	query: ListQuery,
	since: string,
	signal: AbortSignal,
): AsyncIterable<string> {
	for await (const change of objects.watch(query, since, signal)) {
		yield changeJson(change);
	}
}

function changeJson(change: Change<Kind>): string {
	return change.type === 'put'
		? `{"type":"put","object":${objectJson(change.object)},"revision":${JSON.stringify(change.revision)}}`
		: JSON.stringify(change);
}
