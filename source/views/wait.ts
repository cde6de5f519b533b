import {ClusterError} from '../core/error.ts';
import type {Overlay} from './overlay.ts';
import type {Ui} from './ui.ts';

export type Waiting = {
	/** Rejects when it comes too late, or is given up by `esc`. */
	readonly over: Promise<never>;
	end(): void;
};

export type WaitOptions = {
	/** What is done meanwhile: `muster attach web.1 …`. */
	readonly title: string;
	/** Whose answer it is. */
	readonly name: string;
	readonly mostMs: number;
};

/** Takes the keys until `end`: they are meant for what is coming. */
export function waitFor(ui: Ui, {title, name, mostMs}: WaitOptions): Waiting {
	const over = Promise.withResolvers<never>();
	over.promise.catch(() => {});
	const cancel = ui.clock.after(mostMs, () => {
		over.reject(new ClusterError('timeout', `${name} does not answer: nothing came within ${mostMs / 1000} s`));
	});
	const leave = {keys: ['esc'], hint: 'leave', help: 'Wait no longer'};
	const overlay: Overlay = {
		type: 'wait',
		title,
		since: ui.clock.now(),
		keymap: [{...leave, press: () => over.reject(new ClusterError('failed', `${name} was not waited for`))}],
	};
	ui.update({overlay});
	return {
		over: over.promise,
		end() {
			cancel();
			if (ui.state.overlay === overlay) {
				ui.update({overlay: undefined});
			}
		},
	};
}
