import {toClusterError} from '../../core/error.ts';
import {type TendedContext, tendedLines} from '../../core/tend/tended.ts';
import {lines} from '../describe/sections.ts';
import {errorText} from '../running.ts';
import type {TextLines, TextScreen} from '../screen.ts';
import type {Ui} from '../ui.ts';
import {type Span, safe} from '../widgets/line.ts';

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

function linesOf(ui: Ui): TextLines {
	const {name, facets} = ui.executor.backend;
	if (facets.tend === undefined) {
		return lines([said(` ${name} scales what has a policy by itself: nobody tends it.`)]);
	}

	const found = known.get(ui);
	if (found === undefined) {
		return lines([said(' Asking …')]);
	}

	const {here, holder, failure} = found;
	return lines([
		...(failure === undefined ? [] : [[safe({role: 'bad', text: ` ${failure}`})]]),
		...(here === undefined ? notHere(name, holder) : tendedHere(here)),
	]);
}

type Line = readonly Span[];

function tendedHere(here: TendedContext): readonly Line[] {
	const [stand = '', ...decisions] = tendedLines(here);
	const role = here.state?.error === undefined ? 'good' : 'bad';
	return [
		said(` muster's daemon here: ${here.does}`),
		[safe({role: here.state === undefined ? 'waiting' : role, text: ` ${stand}`})],
		...(decisions.length === 0 ? [said(' Nothing was decided yet: A on a service gives it a policy.')] : []),
		...decisions.map(text => [safe(`   ${text}`)]),
		[],
		said(` $ muster daemon tend --off ${here.context}`),
	];
}

function notHere(name: string, holder: string | undefined): readonly Line[] {
	const unheld = [
		[safe({role: 'warning', text: ` Nobody tends ${name}.`})],
		said(' What has a policy (A) is not scaled, and a drain begun with -d goes no further.'),
	];
	return [
		...(holder === undefined ? unheld : [[safe({role: 'good', text: ` ${holder} is in charge.`})]]),
		[],
		said(` $ muster daemon tend ${name}`),
		said("   has muster's daemon here do it too: of several only one acts."),
	];
}

function said(text: string): Line {
	return [safe({role: 'dim', text})];
}
