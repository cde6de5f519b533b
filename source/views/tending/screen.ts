import {toClusterError} from '../../core/error.ts';
import {type TendedContext, tendedLines} from '../../core/tend/tended.ts';
import {stripControl} from '../../core/text/text.ts';
import {lines} from '../describe/sections.ts';
import {errorText} from '../errands/running.ts';
import {polled} from '../live/polled.ts';
import type {TextLines, TextScreen} from '../screen.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import {type Span, wrapWords} from '../widgets/line.ts';

/** `holder`: who has said in the cluster that he tends it, wherever he runs. */
type Known = {readonly here?: TendedContext; readonly holder?: string; readonly failure?: string};

const known = polled<Known>(2000, async (ui, before) => {
	const {backend} = ui.executor;
	try {
		const [all, lease] = await Promise.all([ui.ports.tended?.() ?? [], backend.facets.tend?.lease.read()]);
		const here = all.find(({context}) => context === backend.name);
		return {...(here && {here}), ...(lease && {holder: lease.holder})};
	} catch (error) {
		return {...before, failure: errorText(toClusterError(error))};
	}
});

/** Who does for this cluster what its engine does not, and what he has decided last. */
export const tendingScreen: TextScreen = {
	type: 'text',
	id: 'tending',
	aliases: ['tend', 'tender', 'tenders'],
	keymap: [],
	lines: ({ui}) => linesOf(ui),
	status: () => '',
	open(ui) {
		if (ui.executor.backend.facets.tend !== undefined) {
			known.open(ui);
		}
	},
	close: known.close,
};

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

	const found = known.of(ui);
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
