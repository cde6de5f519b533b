import {clock} from '../clock.ts';

/** After so long without a rest, whatever else waits (keys) has its turn. */
const sliceMs = 2;

/** Long work in parts. A connection alone does not do: of what has arrived Node reads up to 2 MB before it looks at keys. */
export class Slices {
	#sinceMs = clock.monotonicMs();

	get isOver(): boolean {
		return clock.monotonicMs() - this.#sinceMs > sliceMs;
	}

	async rest(): Promise<void> {
		await new Promise(resolve => setImmediate(resolve));
		this.#sinceMs = clock.monotonicMs();
	}
}
