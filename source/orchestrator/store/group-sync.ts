/** Brings what was written to the disk, once for all who wait meanwhile. */
export type GroupSync = {
	/** Something was written that is not on the disk to stay. */
	written(): void;
	/** Fulfilled when everything that was written before is on the disk; rejected when it could not be brought there, then for ever:
	 *  after a failure nobody knows what the disk has. */
	synced(): Promise<void>;
};

/** `sync` brings to the disk what was written before it began. */
export function createGroupSync(sync: () => Promise<void>): GroupSync {
	let isDirty = false;
	let running: Promise<void> | undefined;
	/** Begins when the running one has ended, for what came too late for that. */
	let next: Promise<void> | undefined;

	async function run(): Promise<void> {
		isDirty = false;
		await sync();
		running = undefined;
	}

	async function runNext(before: Promise<void>): Promise<void> {
		await before;
		running = next;
		next = undefined;
		await run();
	}

	return {
		written() {
			isDirty = true;
		},
		synced() {
			if (running === undefined) {
				if (!isDirty) return Promise.resolve();
				running = run();
			} else if (isDirty) {
				next ??= runNext(running);
				return next;
			}

			return running;
		},
	};
}
