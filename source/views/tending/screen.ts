import {toClusterError} from '../../core/error.ts';
import {type TendedContext, tendedLines} from '../../core/tend/tended.ts';
import {stripControl} from '../../core/text.ts';
import {lines} from '../describe/sections.ts';
import {errorText} from '../running.ts';
import type {TextLines, TextScreen} from '../screen.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import {type Span, wrapWords} from '../widgets/line.ts';

/** `holder`: who has said in the cluster that he tends it, wherever he runs. */
type Known = {readonly here?: TendedContext; readonly holder?: string; readonly failure?: string};

/** It is asked again so often while it is looked at: nothing tells of its changes. */
const againMs = 2000;
const known = new WeakMap<Ui, Known>();
const cancels = new WeakMap<Ui, () => void>();

/** Who does for this cluster what its engine does not, and what he has decided last. */
export const tendingScreen: TextScreen = {
	type: 'text',
	id: 'tending',
	aliases: ['tend', 'tender', 'tenders'],
	keymap: [],
	lines: ({ui}) => linesOf(ui),
	status: () => '',
	open: look,
	close(ui) {
		cancels.get(ui)?.();
		cancels.delete(ui);
	},
};

function look(ui: Ui): void {
	const {backend} = ui.executor;
	const {tend} = backend.facets;
	if (tend === undefined) {
		return;
	}

	cancels.set(ui, () => {});
	void Promise.all([ui.ports.tended?.() ?? [], tend.lease.read()])
		.then(
			([all, lease]): Known => {
				const here = all.find(({context}) => context === backend.name);
				return {...(here && {here}), ...(lease && {holder: lease.holder})};
			},
			(error: unknown): Known => ({...known.get(ui), failure: errorText(toClusterError(error))}),
		)
		.then(found => {
			known.set(ui, found);
			if (cancels.has(ui)) {
				cancels.set(
					ui,
					ui.clock.after(againMs, () => look(ui)),
				);
				ui.refresh();
			}
		});
}

/** One thing that is said, in as many lines as it takes. */
type Said = readonly [role: Role, text: string];

const nothing: Said = ['plain', ''];

function linesOf(ui: Ui): TextLines {
	const {columns} = ui.state.size;
	const all = saidOf(ui).flatMap(([role, text]): ReadonlyArray<readonly Span[]> => {
		const [indent = ''] = /^ */.exec(text) ?? [];
		const wrapped = wrapWords(stripControl(text.trimStart()), columns - indent.length - 2);
		return wrapped.map(line => [` ${indent}`, {role, text: line}]);
	});
	return lines(all);
}

function saidOf(ui: Ui): readonly Said[] {
	const {name, facets} = ui.executor.backend;
	if (facets.tend === undefined) {
		return [['dim', `${name} scales what has a policy by itself: nobody tends it.`]];
	}

	const found = known.get(ui);
	if (found === undefined) {
		return [['dim', 'Asking …']];
	}

	const {here, holder, failure} = found;
	return [
		...(failure === undefined ? [] : ([['bad', failure]] satisfies Said[])),
		...(here === undefined ? notHere(name, holder) : tendedHere(here)),
	];
}

function tendedHere(here: TendedContext): readonly Said[] {
	const {context, does, state} = here;
	const [stand = '', ...decisions] = tendedLines(here);
	const role = state === undefined ? 'waiting' : state.error === undefined ? 'good' : 'bad';
	return [
		['dim', `muster's daemon here: ${does}`],
		[role, stand],
		...(decisions.length === 0 ? [['dim', 'Nothing was decided yet: A on a service gives it a policy.'] as const] : []),
		...decisions.map((text): Said => ['plain', `  ${text}`]),
		nothing,
		['dim', `$ muster daemon tend --off ${context}`],
	];
}

function notHere(name: string, holder: string | undefined): readonly Said[] {
	const stand: readonly Said[] =
		holder === undefined
			? [
					['warning', `Nobody tends ${name}.`],
					['dim', 'What has a policy (A) is not scaled, and a drain begun with -d goes no further.'],
				]
			: [['good', `${holder} is in charge.`]];
	return [
		...stand,
		nothing,
		['dim', `$ muster daemon tend ${name}`],
		['dim', "  has muster's daemon here do it too: of several only one acts."],
	];
}
