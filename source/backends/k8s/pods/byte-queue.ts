export type Paced = {pause(): void; resume(): void};

export type ByteQueue<T> = {
	add(item: T): void;
	/** What was added before still comes out; then it ends, or throws. */
	end(error?: unknown): void;
	all(): AsyncGenerator<T>;
};

/** So much may wait until whoever sends is held back. */
const highBytes = 2 ** 20;

/** What has arrived and was not taken yet: where that is a lot, no more is read from the connection. */
export function byteQueue<T>(connection: Paced, sizeOf: (item: T) => number): ByteQueue<T> {
	const waiting: T[] = [];
	let waitingBytes = 0;
	let isPaused = false;
	let isOver = false;
	let failure: unknown;
	let wake = () => {};
	return {
		add(item) {
			if (isOver || sizeOf(item) === 0) return;
			waiting.push(item);
			waitingBytes += sizeOf(item);
			if (waitingBytes > highBytes && !isPaused) {
				isPaused = true;
				connection.pause();
			}

			wake();
		},
		end(error) {
			if (isOver) return;
			isOver = true;
			failure = error;
			wake();
		},
		async *all() {
			for (;;) {
				const next = waiting.shift();
				if (next !== undefined) {
					waitingBytes -= sizeOf(next);
					if (isPaused && waitingBytes < highBytes / 2) {
						isPaused = false;
						connection.resume();
					}

					yield next;
				} else if (isOver) {
					if (failure !== undefined) throw failure;
					return;
				} else {
					await new Promise<void>(resolve => {
						wake = resolve;
					});
				}
			}
		},
	};
}
