import path from 'node:path';
import {objectsOf, type World} from '../../../actions/action.ts';
import {text} from '../../../actions/fields/fields.ts';
import {actions} from '../../../actions/index.ts';
import {
	changesAnything,
	kindsOf,
	planFormat,
	readSavedPlan,
	type SavedPlan,
	saveChange,
	savedAction,
} from '../../../actions/journal/saved-plan.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import {readText} from '../../files/content.ts';
import {printDryRun} from '../../running/dry-run.ts';
import type {Errand} from '../../running/errand.ts';
import {runErrands} from '../../running/run-action.ts';
import {readWorld} from '../../running/world.ts';
import {type Call, defineVerb} from '../../verb.ts';

/** As `diff` has it. */
const changesExit = 10;

export const planVerb = defineVerb({
	operands: [{name: 'COMMAND', many: true}],
	fields: {out: text('Keep the plan in a new file, for `muster apply --plan FILE`', 'FILE')},
	flagsEndAfter: 1,
	details:
		'COMMAND is any command that changes the cluster, without the word muster. Nothing is changed. Ends with 10 where something\nwould, else with 0. A kept plan is carried out only if what it is about is still as it was.',
	examples: [
		'muster plan scale web=20',
		'muster plan --out drain.plan node drain n2',
		'muster apply --plan drain.plan',
		'muster plan apply -f deployment.yaml',
	],
	async run(outer) {
		const {flags, operands, shared} = outer;
		const file = flags.out === undefined ? undefined : path.resolve(outer.host.cwd, flags.out);
		const {verb, call: inner} = await outer.command(operands);
		if (inner.path === 'manifest apply' || inner.path === 'apply') {
			return planManifests(outer, operands, file);
		}

		if (!verb.writes) {
			throw new ClusterError('usage', `\`muster ${inner.path}\` cannot be planned`, {
				hint: 'A plan is made of a command that changes the cluster, such as `muster plan scale web=5`.',
			});
		}

		let found: boolean | undefined;
		const code = await verb.run({
			...inner,
			shared: {...inner.shared, dryRun: true, output: inner.shared.output ?? shared.output},
			planned: async (plans, errands, world) => {
				found = plans.some(({steps}) => steps.some(step => changesAnything(world, step)));
				// What cannot be kept is said before anything is shown.
				const content =
					file === undefined
						? undefined
						: `${JSON.stringify(await savedPlan(inner, plans, errands, world), undefined, '\t')}\n`;
				await printDryRun(inner, plans);
				if (!found) inner.host.stderr.write('Nothing would change.\n');
				if (file !== undefined && content !== undefined) await keep(inner, file, content);
			},
		});
		if (code === 0 && found === undefined && file !== undefined) {
			throw new ClusterError('unsupported', `a plan of \`muster ${inner.path}\` cannot be kept`);
		}

		return code === 0 && found !== false ? changesExit : code;
	},
});

/** What manifests would change is for the server to say. */
async function planManifests(outer: Call, words: readonly string[], file: string | undefined): Promise<number> {
	if (file !== undefined) {
		throw new ClusterError('unsupported', 'a plan of manifests cannot be kept: the files themselves are it', {
			hint: 'Keep the files; `muster diff -f FILE` shows what they would change.',
		});
	}

	const {verb, call} = await outer.command(words.map((word, index) => (index < 2 && word === 'apply' ? 'diff' : word)));
	return verb.run(call);
}

type Planned = NonNullable<Call['planned']>;

async function savedPlan(call: Call, ...[plans, errands, world]: Parameters<Planned>): Promise<SavedPlan> {
	const {host} = call;
	const backend = await call.backend();
	return {
		format: planFormat,
		context: backend.name,
		createdAt: host.now(),
		createdBy: host.user,
		changes: plans.map(({command, question, steps}, index) => {
			const {action, target, undoes} = errands[index] as Errand;
			const change = {
				action: action.id,
				command,
				...(question !== undefined && {question}),
				...(undoes !== undefined && {undoes}),
				...(target !== undefined && {target: {id: target.id, name: target.name}}),
			};
			return saveChange(world, change, steps);
		}),
	};
}

async function keep({host}: Call, file: string, content: string): Promise<void> {
	if (host.writeNew === undefined) {
		throw new ClusterError('unsupported', 'no file can be written here');
	}

	try {
		await host.writeNew(file, content);
	} catch (error) {
		throw notKept(file, error);
	}

	host.stderr.write(stripControl(`Kept in ${file}. To carry it out: muster apply --plan ${file}`));
	host.stderr.write('\n');
}

function notKept(file: string, cause: unknown): ClusterError {
	return (cause as {readonly code?: unknown}).code === 'EEXIST'
		? new ClusterError('conflict', `--out: ${file} is there already`, {cause})
		: new ClusterError('storage', `--out: ${toClusterError(cause).message}`, {cause});
}

/** `muster apply --plan FILE`. */
export async function applySavedPlan(call: Call, file: string): Promise<number> {
	const {host, shared} = call;
	const plan = readSavedPlan(await readText(host, '--plan', file), file);
	const backend = await call.backend();
	if (backend.name !== plan.context) {
		throw new ClusterError('conflict', `the plan was made for ${plan.context}, and this is ${backend.name}`, {
			hint: `muster -c ${plan.context} apply --plan ${file}`,
		});
	}

	const worlds = await Promise.all(kindsOf(plan).map(kind => readWorld(backend, host.now(), kind)));
	const world: World = Object.assign({}, await readWorld(backend, host.now()), ...worlds);
	const errands = plan.changes.map((change): Errand => {
		const action = savedAction(plan, change, actions.get(change.action));
		const target = objectsOf(world, action.on).find(({id}) => id === change.target?.id);
		return {action, target, input: {}, ...(change.undoes !== undefined && {undoes: change.undoes})};
	});
	return runErrands({...call, shared}, world, errands);
}
