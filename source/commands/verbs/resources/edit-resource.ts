import type {Action} from '../../../actions/action.ts';
import {editFields, editResource, whyNoDocument} from '../../../actions/resource/edit-resource.ts';
import {resourceRefOf, resourcesOf} from '../../../actions/resource/resource.ts';
import {readResourceDocument, resourceDocument} from '../../../actions/resource/resource-document.ts';
import {change, compare} from '../../../core/difference/comparison.ts';
import {differenceLines} from '../../../core/difference/difference-lines.ts';
import {isGivenUp, withoutProblems, withProblems} from '../../../core/difference/problem-lines.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Resource} from '../../../core/model/index.ts';
import type {Manifest, ResourceFacet} from '../../../core/resource/facet.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {Yaml} from '../../../core/yaml.ts';
import {runErrands} from '../../running/run-action.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {kindsAndNames} from './kinds-and-names.ts';
import {foundResources} from './resources.ts';

export const resourceEdit = defineVerb({
	operands: [{name: 'KIND'}, {name: 'NAME', optional: true}],
	fields: editFields,
	writes: true,
	details:
		'In $VISUAL or $EDITOR. Only what was changed is written, by server-side apply; what others manage is theirs, and named.\nWhat is refused is opened again, with the reason on top.',
	examples: ['muster edit configmap settings', 'muster edit --force deployments web'],
	async run(call) {
		const asked = kindsAndNames(call.operands).flatMap(({type, names}) => names.map(name => ({type, name})));
		const [one, ...others] = asked;
		if (one === undefined) throw new ClusterError('usage', 'NAME is missing');
		if (others.length > 0) throw new ClusterError('usage', 'one is edited at a time');
		const {type, name} = one;
		if (call.shared.readOnly) throw new ClusterError('not-allowed', 'nothing is changed with --read-only');
		const resources = resourcesOf(await call.backend());
		const [target] = (await foundResources(resources, type, [name])) as readonly [Resource];
		const why = whyNoDocument(target);
		if (why !== undefined) throw new ClusterError('not-allowed', why);
		return editUntilDone(call as never, resources, target);
	},
});

/** Loaded on use. */
async function loadYaml(): Promise<Yaml> {
	const [{toYaml}, {parseYaml}] = await Promise.all([
		import('../../output/yaml.ts'),
		import('../../output/read-yaml.ts'),
	]);
	return {stringify: toYaml, parse: text => parseYaml(text)[0]};
}

/** What is in the editor: over which object, and whether it was refused before. */
type Sheet = {readonly opened: Manifest; readonly text: string; readonly refusal?: ClusterError};

/** Again as long as somebody at a terminal can say something else. */
async function editUntilDone(
	call: Call<typeof editFields>,
	resources: ResourceFacet,
	target: Resource,
): Promise<number> {
	const {host} = call;
	const yaml = await loadYaml();
	const document = await resources.document(resourceRefOf(target));
	let sheet: Sheet = {opened: document, text: resourceDocument(target, document, yaml)};
	for (;;) {
		const {refusal} = sheet;
		const suffix = `${target.name.replaceAll(/[^\w.-]+/g, '-')}.yaml`;
		if (host.edit === undefined) throw new ClusterError('unsupported', 'there is no editor here');
		const text = await host.edit(sheet.text, {suffix});
		if (isGivenUp(text, sheet.text)) {
			if (refusal !== undefined) throw await kept(call, target, sheet.text, refusal);
			host.stderr.write(`${stripControl(target.name)}: left as it was, nothing is done\n`);
			return 0;
		}

		try {
			const done = await tried(call, {resources, target, yaml, sheet: {...sheet, text}});
			if (typeof done === 'number') return done;
			sheet = done;
		} catch (thrown) {
			throw await kept(call, target, text, toClusterError(thrown));
		}
	}
}

type Tried = {
	readonly resources: ResourceFacet;
	readonly target: Resource;
	readonly yaml: Yaml;
	/** As it came out of the editor. */
	readonly sheet: Sheet;
};

/** Writes it; where that is refused, what to open next. */
async function tried(call: Call<typeof editFields>, {resources, target, yaml, sheet}: Tried): Promise<number | Sheet> {
	const {opened, text} = sheet;
	const reading = readResourceDocument(withoutProblems(text), opened, yaml);
	if ('problems' in reading) {
		const problem = new ClusterError('usage', reading.problems.join('\n'));
		return opensAgain(call, {opened, text: withProblems(text, reading.problems), refusal: problem});
	}

	const current = await resources.document(resourceRefOf(target));
	const {mine, colliding, joined} = compare(opened, reading.object, current);
	if (mine.length === 0) {
		call.host.stderr.write(`${stripControl(target.name)}: nothing differs, nothing is done\n`);
		return 0;
	}

	if (colliding.length > 0) {
		const problems = colliding.map(one => `changed by others meanwhile: ${one.path}; you had written ${change(one)}`);
		const collision = new ClusterError('conflict', problems.join('\n'));
		const over = resourceDocument(target, joined as Manifest, yaml);
		return opensAgain(call, {opened: current, text: withProblems(over, problems), refusal: collision});
	}

	try {
		return await write(call, {resources, target, current, edited: joined as Manifest});
	} catch (thrown) {
		const error = toClusterError(thrown);
		if (!isAboutWhatWasWritten(error)) throw error;
		return opensAgain(call, {opened, text: withProblems(text, [error.message]), refusal: error});
	}
}

/** What was written in vain is kept, and the error tells where. */
async function kept(
	{host}: Pick<Call, 'host'>,
	{name}: Resource,
	text: string,
	{code, message, hint}: ClusterError,
): Promise<ClusterError> {
	const file = `${host.env.TMPDIR || '/tmp'}/muster-edit-${name.replaceAll(/[^\w.-]+/g, '-')}-${host.now()}.yaml`;
	try {
		await host.writeNew?.(file, withoutProblems(text));
	} catch {
		// The error is what counts.
		return new ClusterError(code, message, {hint});
	}

	const where = `What was written is kept in ${file}.`;
	return new ClusterError(code, message, {hint: hint === undefined ? where : `${hint} ${where}`});
}

function isAboutWhatWasWritten({code}: ClusterError): boolean {
	return code === 'usage' || code === 'conflict';
}

/** Where nobody sits there, what was refused is the end. */
function opensAgain({host}: Pick<Call, 'host'>, sheet: Required<Sheet>): Sheet {
	if (!host.stdin.isTTY) throw sheet.refusal;
	return sheet;
}

type Written = {
	readonly resources: ResourceFacet;
	readonly target: Resource;
	readonly current: Manifest;
	readonly edited: Manifest;
};

async function write(call: Call<typeof editFields>, {resources, target, current, edited}: Written): Promise<number> {
	const {host, flags, shared} = call;
	const edit = {opened: current, edited};
	const conflicts = await resources.conflicts(resourceRefOf(target), edit);
	if (conflicts.length > 0 && flags.force !== true) {
		const whose = conflicts.map(({field, manager}) => `${field} is managed by ${manager}`).join(', ');
		throw new ClusterError('conflict', `${target.title} ${target.name}: ${whose}`, {
			hint: 'Leave these fields as they are, or take them over with --force.',
		});
	}

	if (shared.dryRun) {
		for (const line of differenceLines(edit.opened, edited)) host.stdout.write(`${line}\n`);
	}

	const action = editResource(edit) as unknown as Action;
	const world = {now: host.now(), services: [], instances: [], nodes: [], images: []};
	return runErrands(call as never, world, [{action, target, input: {force: flags.force} as never}]);
}
