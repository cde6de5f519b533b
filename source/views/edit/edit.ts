import type {Action, Fields, Input, Preview} from '../../actions/action.ts';
import {planAction} from '../../actions/execute.ts';
import {equalCommand} from '../../actions/fields/equal-command.ts';
import {type PatchedKind, patchActions} from '../../actions/patch-spec.ts';
import {whyNoDocument} from '../../actions/resource/edit-resource.ts';
import {type Comparison, change, compare} from '../../core/difference/comparison.ts';
import {isGivenUp, withoutProblems, withProblems} from '../../core/difference/problem-lines.ts';
import {same} from '../../core/difference/three-way.ts';
import {type ClusterError, toClusterError} from '../../core/error.ts';
import type {Kind} from '../../core/model/index.ts';
import type {Yaml} from '../../core/yaml.ts';
import {openPanel, wantsName} from '../errands/asking.ts';
import {errorText, start} from '../errands/running.ts';
import {type Answer, answering} from '../input/answering.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import {ofKinds} from '../resources/of-kinds.ts';
import type {Ui} from '../ui.ts';
import {againRow, askAboutOthers} from './ask-about-others.ts';
import {askAgain} from './ask-again.ts';
import {comparisonRows} from './comparison-rows.ts';
import {documentOf, type Edited, readDocument} from './document.ts';
import {openResource} from './edit-resource.ts';
import {loadYaml} from './load-yaml.ts';

/** One object in an editor: as it was opened, and what its text was then. */
type Sheet = {
	readonly opened: Edited;
	readonly text: string;
	readonly yaml: Yaml;
	/** Once it was refused, what was written is not thrown away silently. */
	readonly isRefused: boolean;
};

/** Why a target cannot be edited; undefined: it can. */
export function whyNoEdit(ui: Ui, target: Target | undefined): string | undefined {
	if (target === undefined) {
		return 'Nothing is selected.';
	}

	switch (target.kind) {
		case 'instance':
			return 'An instance is not edited: its service is.';
		case 'secret':
			return 'What is in a secret is shown to nobody, not even to be edited: `u` gives it other content.';
		case 'resource':
			return ui.executor.backend.facets.resources === undefined || target.type === ofKinds
				? 'It has no manifest.'
				: (whyNoDocument(target) ?? whyNotAllowed(ui, target));
		case 'image':
		case 'event':
			return `An ${target.kind} is not edited.`;
		default:
			return ui.refusal(patchActions[target.kind], target);
	}
}

function whyNotAllowed(ui: Ui, target: Target): string | undefined {
	return ui.isReadOnly ? 'Nothing is changed in read-only mode.' : ui.forbidden('resource.edit', target);
}

/** Opens the spec of a target in the user's editor; of what is beyond the model, all of it. */
export function edit(ui: Ui, target: Target | undefined): void {
	if (target?.kind === 'resource') {
		openResource(ui, target);
		return;
	}

	if (target === undefined || !(target.kind in patchActions)) {
		return;
	}

	const opened = target as Edited;
	void loadYaml().then(yaml => openSheet(ui, {opened, text: documentOf(opened, yaml), yaml, isRefused: false}));
}

function openSheet(ui: Ui, sheet: Sheet): void {
	void edited(ui, sheet).catch((error: unknown) => {
		ui.say('bad', errorText(toClusterError(error)));
	});
}

/** Until it is left as it was opened, or what is written in it can be read. */
async function edited(ui: Ui, first: Sheet): Promise<void> {
	let sheet = first;
	for (;;) {
		const {opened, yaml} = sheet;
		const suffix = `${opened.name.replaceAll(/[^\w.-]+/g, '-')}.yaml`;
		const text = await ui.terminal.handOver(async () => ui.ports.edit(sheet.text, {suffix}));
		if (isGivenUp(text, sheet.text)) {
			await dropped(ui, sheet);
			return;
		}

		const reading = readDocument(withoutProblems(text), opened, yaml);
		if ('spec' in reading) {
			await proposed(ui, {...sheet, text}, reading.spec as object, answering(ui));
			return;
		}

		sheet = {...sheet, text: withProblems(text, reading.problems), isRefused: true};
	}
}

/** Given up: what was written in vain is kept. */
async function dropped(ui: Ui, {opened, text, isRefused}: Sheet): Promise<void> {
	if (!isRefused) {
		ui.say('plain', `${opened.name}: left as it was, nothing is done`);
		return;
	}

	const file = await ui.ports.save(`${opened.kind}-${opened.name}.yaml`, text);
	ui.say('warning', `${opened.name}: nothing is done; what was written is kept in ${file}`);
}

/** Shows what was edited, beside what is there by now. */
async function proposed(ui: Ui, sheet: Sheet, spec: object, answer: Answer): Promise<void> {
	const {opened} = sheet;
	const current = ui.find(opened) as Edited | undefined;
	if (current === undefined) {
		const file = await ui.ports.save(`${opened.kind}-${opened.name}.yaml`, sheet.text);
		ui.say('bad', `✗ ${opened.name} is gone; what was written is kept in ${file}`);
		return;
	}

	const comparison = compare(opened.spec, spec, current.spec);
	if (comparison.mine.length === 0) {
		ui.say('plain', `${opened.name}: nothing differs, nothing is done`);
	} else if (comparison.theirs.length === 0) {
		confirm(ui, sheet, current, comparison);
	} else {
		answer(`${current.name} was changed meanwhile`, () =>
			askAboutOthers(ui, {
				name: current.name,
				comparison,
				change: it => confirm(it, sheet, current, onto(comparison)),
				again: it => openSheet(it, sheetOver(sheet, current, comparison)),
			}),
		);
	}
}

function confirm(ui: Ui, sheet: Sheet, current: Edited, comparison: Comparison): void {
	const {patch} = comparison;
	const action = patchActions[current.kind as PatchedKind];
	const input = {patch} as Input<Fields>;
	openPanel(ui, {
		title: `Change ${current.name}`,
		preview: () => foreseen(ui, {action, target: current, input}, comparison),
		command: () => equalCommand(action, current.name, input),
		typed: wantsName(ui, action) ? current.name : undefined,
		keymap: [againRow(() => openSheet(ui, {...sheet, isRefused: true}))],
		verb: 'change',
		act: it => carryOut(it, {sheet, action, target: current, input, comparison, answer: answering(it)}, tries),
	});
}

/** What it brings, and below that each place that changes. */
function foreseen(
	ui: Ui,
	{action, target, input}: {readonly action: Action; readonly target: Target; readonly input: Input<Fields>},
	comparison: Comparison,
): Preview {
	const rows = comparisonRows(comparison);
	try {
		const {preview} = planAction(ui.executor.backend, {action, world: ui.worldNow, target, input});
		return {summary: preview?.summary ?? '', rows: [...rows, ...(preview?.rows ?? [])]};
	} catch (error) {
		return {summary: toClusterError(error).message, rows};
	}
}

/** A status that changed makes a revision too: so often what was refused for that is tried again. */
const tries = 5;
const newsMs = 200;

type Change = {
	readonly sheet: Sheet;
	/** When it is refused. */
	readonly answer: Answer;
	readonly action: Action;
	readonly target: Target;
	readonly input: Input<Fields>;
	readonly comparison: Comparison;
};

function carryOut(ui: Ui, asked: Change, triesLeft: number): void {
	const {action, input, target} = asked;
	start(ui, {
		action,
		target,
		input,
		isPinned: true,
		failed: error => refused(ui, asked, error, triesLeft),
	});
}

/** The engine has it otherwise: by a newer revision, or because it does not want what was written. */
function refused(ui: Ui, asked: Change, error: ClusterError, triesLeft: number): void {
	const {sheet, target, comparison, answer} = asked;
	const current = ui.find(target) as Edited | undefined;
	const isNewer = error.code === 'conflict' && current !== undefined && current.revision !== target.revision;
	if (error.code === 'conflict' && current !== undefined && !isNewer && triesLeft > 0) {
		// What it was changed to is on its way.
		ui.clock.after(newsMs, () => refused(ui, asked, error, triesLeft - 1));
	} else if (isNewer && same(current.spec, (target as Edited).spec) && triesLeft > 0) {
		carryOut(ui, {...asked, target: current}, triesLeft - 1);
	} else if (isNewer) {
		const {spec} = readDocument(withoutProblems(sheet.text), sheet.opened, sheet.yaml) as {readonly spec: object};
		void proposed(ui, sheet, spec, answer);
	} else {
		askAgain(ui, answer, {
			...{name: target.name, text: sheet.text, error, rows: comparisonRows(comparison)},
			again: (it, text) => openSheet(it, {...sheet, text, isRefused: true}),
		});
	}
}

/** Seen: what others did is not shown a second time. */
function onto(comparison: Comparison): Comparison {
	return {...comparison, theirs: []};
}

/** What is there now with one's own changes in it; those that collide are told on top. */
function sheetOver({yaml}: Sheet, current: Edited, {joined, colliding}: Comparison): Sheet {
	const text = documentOf({...current, spec: joined} as Edited, yaml);
	const problems = colliding.map(one => `changed by others meanwhile: ${one.path}; you had written ${change(one)}`);
	return {opened: current, text: problems.length === 0 ? text : withProblems(text, problems), yaml, isRefused: true};
}

/** On lists and on what is about one object. */
export const editRow: KeymapRow = {
	keys: ['e'],
	hint: 'edit',
	help: 'Edit it as YAML in $VISUAL or $EDITOR; what it brings is shown before it is done',
	quiet: true,
	refused(ui, kind) {
		return kind !== undefined && isPatched(kind) ? ui.refusal(patchActions[kind], undefined) : undefined;
	},
	unavailable: whyNoEdit,
	press: edit,
};

function isPatched(kind: Kind): kind is PatchedKind {
	return kind in patchActions;
}
