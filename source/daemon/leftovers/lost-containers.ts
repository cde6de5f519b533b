import type {Home} from '../../backends/local/home.ts';
import {instancesWithContainers, removeContainers} from '../../backends/local/system/remove-containers.ts';
import type {Clock} from '../../core/clock.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {Store, StoreReader} from '../../orchestrator/store/store.ts';

const lookEveryMs = 60_000;

/**
 * Removes containers of this home whose instances have ended or are not known. Their agents do so; but Docker may make one when
 * nobody waits for it any more, and who would have looked again may have been killed by then. Looked for at once, and again as long
 * as the store knows of containers. The answer ends it.
 */
export function watchLostContainers(home: Home, store: Store, clock: Clock, env = process.env): () => void {
	let isOver = false;
	let cancel = () => {};
	const again = () => {
		if (!isOver) {
			cancel = clock.after(lookEveryMs, () => (hasContainers(store) ? look() : again()));
		}
	};
	const look = () => void removeLost(home, store, env).then(again);
	look();
	return () => {
		isOver = true;
		cancel();
	};
}

/** When everything has ended: what its engine has kept of it. Podman keeps a network that ended in the same moment as its container. */
export async function removeLeftContainers(home: Home, store: StoreReader, env = process.env): Promise<void> {
	if (hasContainers(store)) {
		const left = await instancesWithContainers(env, home.root);
		await Promise.all([...left].map(id => removeContainers(env, id)));
	}
}

async function removeLost(home: Home, store: StoreReader, env: NodeJS.ProcessEnv): Promise<void> {
	const found = await instancesWithContainers(env, home.root);
	const lost = [...found].filter(id => {
		const instance = store.get('instance', id);
		return instance === undefined || isFinal(instance.status.state);
	});
	await Promise.all(lost.map(id => removeContainers(env, id)));
}

function hasContainers(store: StoreReader): boolean {
	for (const {image} of store.all('instance')) {
		if (image?.startsWith('docker:')) {
			return true;
		}
	}

	return false;
}
