import {ClusterError, toClusterError} from '../../core/error.ts';
import type {Kind} from '../../core/model/index.ts';
import {errorText} from '../errands/running.ts';
import type {Overlay} from '../overlay.ts';
import type {Ui} from '../ui.ts';

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

const readMs = 30_000;

/** Goes on when all of these kinds have been read, which few screens show. */
export function afterRead(ui: Ui, kinds: readonly Kind[], next: () => void): void {
	for (const kind of kinds) {
		ui.collections.source(kind);
	}

	const isRead = () => ui.collections.unread(kinds) === undefined;
	if (isRead()) {
		next();
		return;
	}

	const {promise, resolve} = Promise.withResolvers<void>();
	const unsubscribe = ui.collections.subscribe(() => isRead() && resolve());
	const title = `Reading ${kinds.map(kind => `${kind}s`).join(', ')} …`;
	const wait = waitFor(ui, {title, name: ui.executor.backend.name, mostMs: readMs});
	void Promise.race([promise, wait.over]).then(
		() => {
			unsubscribe();
			wait.end();
			next();
		},
		(error: unknown) => {
			unsubscribe();
			wait.end();
			ui.say('bad', errorText(toClusterError(error)));
		},
	);
}
