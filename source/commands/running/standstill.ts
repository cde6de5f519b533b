import type {Progress} from '../../actions/action.ts';
import type {Backend} from '../../core/backend.ts';

/** What is asked when nothing has moved for so long, and again each time that it has been so long. */
const stillMs = 15_000;

export type Standstill = {
	/** Asks after the control plane where nothing moves. */
	look(nowMs: number, idleMs: number): void;
	/** With what is wrong with it, where nothing else stands in the way. */
	told(progress: Progress): Progress;
};

/** Nothing is done where who would do it is gone: no object says so, only the control plane's own state does. */
export function createStandstill({facets}: Pick<Backend, 'facets'>): Standstill {
	let askedMs: number | undefined;
	let broken: string | undefined;
	async function ask(): Promise<void> {
		const parts = await facets.health?.();
		const failed = (parts ?? []).filter(({name, state}) => state === 'failed' && !/^(kubelet|agent) /.test(name));
		broken = failed.map(({name, message}) => `${name} has failed: ${message}`).join('; ') || undefined;
	}

	return {
		look(nowMs, idleMs) {
			if (idleMs < stillMs || (askedMs !== undefined && nowMs - askedMs < stillMs)) return;
			askedMs = nowMs;
			void ask().catch(() => {});
		},
		told: progress =>
			progress.state !== 'waiting' || progress.trouble !== undefined || broken === undefined
				? progress
				: {...progress, trouble: broken},
	};
}
