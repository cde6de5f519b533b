import {existsSync, rmSync} from 'node:fs';
import {type Home, instancePaths, nodePaths} from '../../backends/local/home.ts';
import type {Store, StoreReader} from '../../orchestrator/store/store.ts';
import {listFolder} from '../processes/fence.ts';

/**
 * Throws away the logs of fenced instances once their history is not kept any more. All other folders are their agent's,
 * which is told; of these no agent knows.
 */
export function removeLostLogs(home: Home, store: Store): void {
	for (const node of listFolder(home.nodes)) {
		for (const id of listFolder(nodePaths(home, node).instances)) {
			removeIfUnknown(home, store, node, id);
		}
	}

	store.subscribe(changes => {
		for (const change of changes) {
			if (change.kind === 'instance' && change.type === 'remove' && change.object.nodeName !== undefined) {
				removeIfUnknown(home, store, change.object.nodeName, change.id);
			}
		}
	});
}

function removeIfUnknown(home: Home, store: StoreReader, node: string, id: string): void {
	const {folder, notes} = instancePaths(home, node, id);
	if (store.get('instance', id) === undefined && !existsSync(notes)) {
		rmSync(folder, {recursive: true, force: true});
	}
}
