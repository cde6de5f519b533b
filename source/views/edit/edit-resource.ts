import type {PreviewRow} from '../../actions/action.ts';
import {editResource} from '../../actions/resource/edit-resource.ts';
import {resourceRefOf} from '../../actions/resource/resource.ts';
import {readResourceDocument, resourceDocument} from '../../actions/resource/resource-document.ts';
import {change, compare} from '../../core/difference/comparison.ts';
import {differenceLines} from '../../core/difference/difference-lines.ts';
import {isGivenUp, withoutProblems, withProblems} from '../../core/difference/problem-lines.ts';
import {same} from '../../core/difference/three-way.ts';
import {type ClusterError, toClusterError} from '../../core/error.ts';
import type {Resource} from '../../core/model/index.ts';
import type {FieldConflict, Manifest, ResourceEdit, ResourceFacet} from '../../core/resource/facet.ts';
import type {Yaml} from '../../core/yaml.ts';
import {openPanel, wantsName} from '../errands/asking.ts';
import {commandOf, errorText, start} from '../errands/running.ts';
import {type Answer, answering} from '../input/answering.ts';
import type {Ui} from '../ui.ts';
import {againRow, askAboutOthers} from './ask-about-others.ts';
import {askAgain} from './ask-again.ts';
import {loadYaml} from './load-yaml.ts';

/** An object of a kind beyond the model in an editor: as it was opened, and what its text was then. */
type Sheet = {
	readonly target: Resource;
	readonly opened: Manifest;
	readonly text: string;
	readonly yaml: Yaml;
	/** Once it was refused, what was written is not thrown away silently. */
	readonly isRefused: boolean;
};

/** Opens the whole of a resource in the user's editor. */
export function openResource(ui: Ui, target: Resource): void {
	guarded(ui, async resources => {
		const [yaml, opened] = await Promise.all([loadYaml(), resources.document(resourceRefOf(target))]);
		const text = resourceDocument(target, opened, yaml);
		await edited(ui, {target, opened, text, yaml, isRefused: false});
	});
}

function guarded(ui: Ui, work: (resources: ResourceFacet) => Promise<void>): void {
	const {resources} = ui.executor.backend.facets;
	if (resources !== undefined) {
		void work(resources).catch((error: unknown) => ui.say('bad', errorText(toClusterError(error))));
	}
}

function openSheet(ui: Ui, sheet: Sheet): void {
	guarded(ui, async () => edited(ui, sheet));
}

/** Until it is left as it was opened, or what is written in it can be read. */
async function edited(ui: Ui, first: Sheet): Promise<void> {
	let sheet = first;
	for (;;) {
		const {target, opened, yaml} = sheet;
		const suffix = `${target.name.replaceAll(/[^\w.-]+/g, '-')}.yaml`;
		const text = await ui.terminal.handOver(async () => ui.ports.edit(sheet.text, {suffix}));
		if (isGivenUp(text, sheet.text)) {
			await dropped(ui, sheet);
			return;
		}

		const reading = readResourceDocument(withoutProblems(text), opened, yaml);
		if ('object' in reading) {
			const written = {...sheet, text};
			await proposed(ui, written, reading.object, answering(ui)).catch(thrown => lost(ui, written, thrown));
			return;
		}

		sheet = {...sheet, text: withProblems(text, reading.problems), isRefused: true};
	}
}

/** Given up: what was written in vain is kept. */
async function dropped(ui: Ui, {target, text, isRefused}: Sheet): Promise<void> {
	if (!isRefused) {
		ui.say('plain', `${target.name}: left as it was, nothing is done`);
		return;
	}

	const file = await ui.ports.save(`${target.title}-${target.name}.yaml`, text);
	ui.say('warning', `${target.name}: nothing is done; what was written is kept in ${file}`);
}

/** It is gone, or the engine cannot be asked any more: what was written is kept. */
async function lost(ui: Ui, {target, text}: Sheet, thrown: unknown): Promise<void> {
	const file = await ui.ports.save(`${target.title}-${target.name}.yaml`, text);
	ui.say('bad', `${errorText(toClusterError(thrown))}; what was written is kept in ${file}`);
}

/** Shows what was edited, beside what is there by now and who manages it. */
async function proposed(ui: Ui, sheet: Sheet, object: Manifest, answer: Answer): Promise<void> {
	const {target, opened} = sheet;
	const resources = ui.executor.backend.facets.resources as ResourceFacet;
	const current = await resources.document(resourceRefOf(target));
	const comparison = compare(opened, object, current);
	if (comparison.mine.length === 0) {
		ui.say('plain', `${target.name}: nothing differs, nothing is done`);
	} else if (comparison.theirs.length > 0) {
		answer(`${target.name} was changed meanwhile`, () =>
			askAboutOthers(ui, {
				name: target.name,
				comparison,
				change: it => void confirm(it, sheet, {opened: current, edited: comparison.joined as Manifest}, answering(it)),
				again: it => openSheet(it, sheetOver(sheet, current, comparison)),
			}),
		);
	} else {
		await confirm(ui, sheet, {opened: current, edited: object}, answer);
	}
}

/** What is there now with one's own changes in it; those that collide are told on top. */
function sheetOver({target, yaml}: Sheet, opened: Manifest, {joined, colliding}: ReturnType<typeof compare>): Sheet {
	const text = resourceDocument(target, joined as Manifest, yaml);
	const problems = colliding.map(one => `changed by others meanwhile: ${one.path}; you had written ${change(one)}`);
	return {target, opened, text: problems.length === 0 ? text : withProblems(text, problems), yaml, isRefused: true};
}

async function confirm(ui: Ui, sheet: Sheet, edit: ResourceEdit, answer: Answer): Promise<void> {
	const {target} = sheet;
	const resources = ui.executor.backend.facets.resources as ResourceFacet;
	let conflicts: readonly FieldConflict[];
	try {
		conflicts = await resources.conflicts(resourceRefOf(target), edit);
	} catch (thrown) {
		await refused(ui, {sheet, edit, answer}, toClusterError(thrown));
		return;
	}

	const action = editResource(edit);
	const input = conflicts.length > 0 ? {force: true} : {};
	const title = `Change ${target.title} ${target.name}`;
	answer(title, () =>
		openPanel(ui, {
			title,
			preview: () => ({summary: summaryOf(conflicts), rows: [...conflicts.map(conflictRow), ...rowsOf(edit)]}),
			command: () => commandOf({action: action as never, target, input: input as never}),
			typed: wantsName(ui, action as never) ? target.name : undefined,
			keymap: [againRow(it => openSheet(it, {...sheet, isRefused: true}))],
			verb: conflicts.length > 0 ? 'take over' : 'change',
			act(it) {
				const asked = {sheet, edit, answer: answering(it)};
				start(it, {
					action: action as never,
					target,
					input: input as never,
					isPinned: true,
					failed: error => void refused(it, asked, error),
				});
			},
		}),
	);
}

function summaryOf(conflicts: readonly FieldConflict[]): string {
	if (conflicts.length === 0) return '';
	const managers = [...new Set(conflicts.map(({manager}) => manager))].join(', ');
	return `Managed by ${managers}: what is taken over here may be set back by them, or refused to them.`;
}

function conflictRow({field, manager}: FieldConflict): PreviewRow {
	return {name: field, change: `managed by ${manager}`, blocked: true};
}

function rowsOf({opened, edited: after}: ResourceEdit): readonly PreviewRow[] {
	return differenceLines(opened, after).map(line => ({name: line, change: ''}));
}

type Asked = {readonly sheet: Sheet; readonly edit: ResourceEdit; readonly answer: Answer};

/** The engine has it otherwise: somebody has changed it, or it does not want what was written. */
async function refused(ui: Ui, {sheet, edit, answer}: Asked, error: ClusterError): Promise<void> {
	const {target} = sheet;
	const resources = ui.executor.backend.facets.resources as ResourceFacet;
	try {
		if (error.code === 'conflict' && !same(await resources.document(resourceRefOf(target)), edit.opened)) {
			await proposed(ui, {...sheet, opened: edit.opened}, edit.edited, answer);
			return;
		}
	} catch (thrown) {
		await lost(ui, sheet, thrown);
		return;
	}

	askAgain(ui, answer, {
		...{name: target.name, text: sheet.text, error, rows: rowsOf(edit)},
		again: (it, text) => openSheet(it, {...sheet, text, isRefused: true}),
	});
}
