import type {ComponentHealth} from '../../core/backend.ts';
import {toClusterError} from '../../core/error.ts';
import {displayWidth, stripControl} from '../../core/text/text.ts';
import {errorText} from '../errands/running.ts';
import {polled} from '../live/polled.ts';
import type {TextLines, TextScreen} from '../screen.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';

type Known = {readonly parts: readonly ComponentHealth[] | undefined; readonly failure?: string; readonly at: number};

const known = polled<Known>(5000, async ({executor, clock}, before) => {
	try {
		return {parts: await executor.backend.facets.health?.(), at: clock.now()};
	} catch (error) {
		return {parts: before?.parts, failure: errorText(toClusterError(error)), at: clock.now()};
	}
});

/** The state of the control plane, part by part. */
export const controlPlaneScreen: TextScreen = {
	type: 'text',
	id: 'control-plane',
	aliases: ['components', 'componentstatuses', 'cs'],
	keymap: [],
	lines: ({ui}) => linesOf(ui),
	status(ui) {
		const parts = known.of(ui)?.parts ?? [];
		const bad = parts.filter(({state}) => state === 'failed' || state === 'warning').length;
		const unknown = parts.filter(({state}) => state === 'unknown').length;
		return parts.length === 0
			? ''
			: bad > 0
				? `${bad} of ${parts.length} not well`
				: unknown > 0
					? `${parts.length - unknown} parts well, ${unknown} not known`
					: `${parts.length} parts, all well`;
	},
	open(ui) {
		if (ui.executor.backend.facets.health !== undefined) {
			known.open(ui);
		}
	},
	close: known.close,
};

const signs: Readonly<Record<ComponentHealth['state'], readonly [Role, string]>> = {
	ok: ['good', '●'],
	warning: ['warning', '!'],
	unknown: ['dim', '?'],
	failed: ['bad', '✗'],
};

function linesOf(ui: Ui): TextLines {
	const {backend} = ui.executor;
	if (backend.facets.health === undefined) {
		return said(`${backend.name} cannot tell the state of its control plane.`);
	}

	const found = known.of(ui);
	if (found === undefined) {
		return said('Asking …');
	}

	const {parts = [], failure} = found;
	const columns = Math.max(0, ...parts.map(({name}) => displayWidth(stripControl(name)))) + 2;
	const order = ['failed', 'warning', 'unknown', 'ok'];
	const lines = parts
		.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
		.map(({name, state, message}): readonly Span[] => {
			const [role, sign] = signs[state];
			const label = stripControl(name);
			return [
				' ',
				{role, text: sign},
				` ${label}${' '.repeat(columns - displayWidth(label))}`,
				{role: state === 'ok' ? 'plain' : role, text: stripControl(message)},
			];
		});
	const all = failure === undefined ? lines : [[{role: 'bad' as const, text: ` ${failure}`}], ...lines];
	return {count: all.length, at: index => all[index] ?? []};
}

function said(text: string): TextLines {
	return {count: 1, at: () => [{role: 'dim', text: ` ${text}`}]};
}
