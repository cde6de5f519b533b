import {quote} from '../../actions/fields/shell.ts';
import type {Instance} from '../../core/model/index.ts';
import {openPrompt} from '../errands/asking.ts';
import type {Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {enter, place} from './sessions.ts';

/** The image that was named last, for the next time. */
const images = new WeakMap<Ui, string>();

export function whyNotDebugged(ui: Ui, target: Target | undefined): string | undefined {
	const {backend} = ui.executor;
	if (ui.isReadOnly) {
		return 'What runs in there may change anything, and this is read-only mode.';
	}

	if (backend.facets.debug === undefined) {
		return `${backend.engine} cannot add containers to instances.`;
	}

	return target?.kind === 'instance' && target.status.state !== 'running'
		? `${target.name} does not run: it is ${target.status.state}.`
		: ui.forbidden('instance.debug', target);
}

/** A container with tools beside those of an instance, joined. */
export function askDebug(ui: Ui, target: Target | undefined): void {
	if (target?.kind !== 'instance') {
		return;
	}

	openPrompt(ui, {
		label: `Debug ${target.name} with the image: `,
		text: images.get(ui) ?? 'busybox',
		hint: text => `muster debug --image ${text.trim() === '' ? 'IMAGE' : quote(text.trim())} ${target.name}`,
		submit(text) {
			const image = text.trim();
			if (image !== '') {
				images.set(ui, image);
				join(ui, target, image);
			}

			return true;
		},
	});
}

function join(ui: Ui, instance: Instance, image: string): void {
	const {debug} = ui.executor.backend.facets;
	if (debug === undefined) {
		return;
	}

	const {id, name, scope} = instance;
	const ref = {kind: 'instance', id, name, ...(scope === undefined ? {} : {scope})} as const;
	const command = ['muster', 'debug', '--image', image, name].map(quote).join(' ');
	enter(ui, {
		instance,
		word: 'the debug container',
		command,
		openMs: 120_000,
		open: () =>
			debug.call(ui.executor.backend.facets, ref, {image, command: [], tty: true, stdin: true, size: ui.state.size}),
		terminal: {
			title: `${place(instance)} · ${command} · exit comes back`,
			...{tty: true, stdin: true, detachable: true},
		},
	});
}
