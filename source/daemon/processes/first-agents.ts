import type {Clock} from '../../core/clock.ts';
import type {Store} from '../../orchestrator/store/store.ts';

/** An agent that does not come by then is a fault to be seen, and not to be waited for. */
const timeoutMs = 3000;

/**
 * Fulfilled when every node has been heard of, or the time is over. In a new home all nodes come up within the same
 * moment; the first service would else be placed whole on the one that is a little faster.
 */
export function firstAgents(store: Store, clock: Clock): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const areKnown = () => [...store.all('node')].every(({status}) => status.state !== 'unknown');
	const unsubscribe = store.subscribe(() => areKnown() && resolve());
	const cancel = clock.after(timeoutMs, resolve);
	if (areKnown()) {
		resolve();
	}

	return promise.finally(() => {
		unsubscribe();
		cancel();
	});
}
