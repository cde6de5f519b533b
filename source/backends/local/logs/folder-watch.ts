import {type FSWatcher, watch} from 'node:fs';

/** Tells when a log in a folder may have changed. Nothing is told where the system has no more watches: poll besides. */
export type FolderWatch = {
	/** A folder that is not there yet is watched from a later call on. */
	ensure(folder: string): void;
	close(folder: string): void;
	closeAll(): void;
};

export function createFolderWatch(changed: (folder: string) => void): FolderWatch {
	const watchers = new Map<string, FSWatcher>();
	const close = (folder: string) => {
		watchers.get(folder)?.close();
		watchers.delete(folder);
	};

	return {
		ensure(folder) {
			if (watchers.has(folder)) {
				return;
			}

			try {
				const watcher = watch(folder, {persistent: false}, (_, name) => {
					if (name === null || /^std(out|err)\.log$/.test(name)) {
						changed(folder);
					}
				});
				watcher.on('error', () => close(folder));
				watchers.set(folder, watcher);
			} catch {
				// Polling has to do.
			}
		},
		close,
		closeAll() {
			for (const folder of [...watchers.keys()]) {
				close(folder);
			}
		},
	};
}
