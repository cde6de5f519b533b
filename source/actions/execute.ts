import type {Backend, Patch, Ref, WritableKind} from '../core/backend.ts';
import {ClusterError, toClusterError} from '../core/error.ts';
import {newId, type Random} from '../core/model/id.ts';
import type {Instant, Kind, Objects, ServiceSpec} from '../core/model/index.ts';
import {previewWrite} from '../core/preview/preview-write.ts';
import {serviceSpec} from '../core/spec/service-spec.ts';
import type {Action, Fields, Input, Preview, Step, World} from './action.ts';
import {commandFor} from './fields/equal-command.ts';
import type {Journal, JournalEntry, JournalStep} from './journal/journal.ts';
import {partOf} from './journal/undo.ts';

/** Who carries plans out, on what, and how far they may go. */
export type Executor = {
	readonly backend: Backend;
	readonly journal: Journal;
	/** Recorded as the one who did it. */
	readonly who: string;
	readonly now: () => Instant;
	readonly random: Random;
	/** Refuses every change. */
	readonly readOnly: boolean;
};

export type Request<K extends Kind, F extends Fields> = {
	readonly action: Action<K, F>;
	readonly world: World;
	readonly target: Objects[K] | undefined;
	readonly input: Input<F>;
	/** The answer to what `confirm` asks. */
	readonly confirmed: boolean;
	/** The recorded change that this one takes back. */
	readonly undoes?: string | undefined;
};

/** What would be done: bad input and what cannot be done are found here, before anybody is asked anything. */
export type Plan = {
	readonly steps: readonly Step[];
	readonly command: string;
	readonly preview: Preview | undefined;
	/** To be answered before it is carried out. */
	readonly question: string | undefined;
};

export type Outcome = {
	readonly command: string;
	/** The object that the last step wrote; of a removal or an effect, none. */
	readonly object: Objects[Kind] | undefined;
	/** What its effects have to tell. */
	readonly notes: readonly string[];
	/** What went otherwise than wanted, though it was done. */
	readonly warnings: readonly string[];
};

/** Pure but for what the backend says of itself. Throws `usage`, `conflict`, `unsupported`, … */
export function planAction<K extends Kind, F extends Fields>(
	backend: Pick<Backend, 'facets' | 'name'>,
	{action, world, target, input}: Omit<Request<K, F>, 'confirmed'>,
): Plan {
	const lack = action.unavailable?.(undefined, backend, input);
	const obstacle = lack ?? action.unavailable?.(target, backend, input);
	if (obstacle !== undefined) {
		throw new ClusterError(lack === undefined ? 'conflict' : 'unsupported', obstacle);
	}

	const steps = action.plan(world, target, input);
	for (const step of steps) {
		refuseLacking(backend, world, step);
	}

	return {
		steps,
		command: commandFor(action, target, input),
		// Only when it is looked at: it takes the whole cluster into account.
		get preview() {
			return action.preview?.(world, target, input) ?? previewSteps(world, steps);
		},
		question: action.confirm?.(target, input),
	};
}

/** What the engine never has is said before anything is asked. */
function refuseLacking({facets}: Pick<Backend, 'facets'>, {services}: World, step: Step): void {
	if (step.type === 'apply' && step.ref.kind === 'service' && facets.refuseSpec) {
		const before = step.create ? undefined : services.find(({id}) => id === step.ref.id)?.spec;
		facets.refuseSpec(serviceSpec(step.patch as Patch<ServiceSpec>, before), before);
	}
}

/** What a plan of one write brings. */
function previewSteps(world: World, [step, ...others]: readonly Step[]): Preview | undefined {
	return step === undefined || step.type === 'effect' || others.length > 0 ? undefined : previewWrite(world, step);
}

/**
 * Carries an action out: the only place that does. Its steps go in order and stop at the first that fails; what was done
 * until then stays, is recorded, and is named by the error.
 */
export async function execute<K extends Kind, F extends Fields>(
	executor: Executor,
	request: Request<K, F>,
): Promise<Outcome> {
	const {backend, journal} = executor;
	const plan = planAction(backend, request);
	if (executor.readOnly) {
		throw new ClusterError('not-allowed', `${plan.command}: nothing is changed in read-only mode`);
	}

	if (plan.question !== undefined && !request.confirmed) {
		throw new ClusterError('not-allowed', `${plan.command}: not confirmed`, {hint: 'Confirm it with --yes.'});
	}

	const done: JournalStep[] = [];
	const entry = (result: JournalEntry['result']): JournalEntry => ({
		id: newId(executor.random),
		at: executor.now(),
		who: executor.who,
		context: backend.name,
		command: plan.command,
		action: request.action.id,
		...(request.undoes === undefined ? {} : {undoes: request.undoes}),
		steps: done,
		result,
	});
	const warnings = new Set<string>();
	const notes: string[] = [];
	const failures: ClusterError[] = [];
	let object: Objects[Kind] | undefined;
	for (const step of plan.steps) {
		try {
			object = await runStep(backend, step, {
				note: text => void notes.push(text),
				warn: text => void warnings.add(text),
			});
			done.push(journalStep(step, object));
		} catch (thrown) {
			const error = toClusterError(thrown);
			if (step.type === 'effect' && step.failed && concernsOne(error) && plan.steps.length > 1) {
				step.failed(error);
				failures.push(error);
				continue;
			}

			const failure = withWhatWasDone(error, done);
			await recordFailed(journal, entry({ok: false, code: failure.code, message: failure.message}));
			throw failure;
		}
	}

	const [first] = failures;
	if (first !== undefined) {
		const message = failures.map(failure => failure.message).join('; ');
		await recordFailed(journal, entry({ok: false, code: first.code, message}));
		throw someFailed(failures, plan.steps.length);
	}

	if (done.length > 0) {
		await recordDone(journal, entry({ok: true}));
	}

	return {command: plan.command, object, notes, warnings: [...warnings]};
}

type Telling = {note(text: string): void; warn(text: string): void};

async function runStep(backend: Backend, step: Step, {note, warn}: Telling): Promise<Objects[Kind] | undefined> {
	if (step.type === 'effect') {
		await step.run(backend, note);
		return undefined;
	}

	const ifRevision = step.ifRevision === undefined ? {} : {ifRevision: step.ifRevision};
	if (step.type === 'remove') {
		await backend.remove(step.ref, step.cascade === undefined ? ifRevision : {...ifRevision, cascade: step.cascade});
		return undefined;
	}

	const options = {...(step.create ? {create: true} : ifRevision), ...(step.keepTag && {keepTag: true}), warn};
	return backend.apply<WritableKind>(step.ref, step.patch, options);
}

function journalStep(step: Step, object: Objects[Kind] | undefined): JournalStep {
	if (step.type === 'effect') {
		return {step: {type: step.type, ref: step.ref, title: step.title}};
	}

	const {inverse, ifRevision, ...rest} = step;
	return {
		step: withoutSecret(rest),
		...(ifRevision === undefined ? {} : {revisionBefore: ifRevision}),
		...(object === undefined ? {} : {revisionAfter: object.revision, objectId: object.id}),
		...(step.type === 'apply' && object !== undefined && 'spec' in object
			? {after: partOf(object.spec, step.patch)}
			: {}),
		...(inverse === undefined ? {} : {inverse}),
	};
}

/** Records and plans are for all who may read them: what a secret is to hold does not belong there. */
export function withoutSecret(step: JournalStep['step']): JournalStep['step'] {
	const {ref, patch} = step as {readonly ref: Ref; readonly patch?: Readonly<Record<string, unknown>>};
	if (ref.kind !== 'secret' || patch === undefined) {
		return step;
	}

	const {data: _, ...rest} = patch;
	return {...step, patch: rest} as JournalStep['step'];
}

/** Behind it others may go well: nobody is to wait for each of many that a server is not there. */
export function concernsOne({code}: ClusterError): boolean {
	return code !== 'unreachable';
}

/** Each was said when it failed: with the first one's code and advice, how many there were. */
export function someFailed(failures: readonly ClusterError[], of: number): ClusterError {
	const [first] = failures;
	return new ClusterError(first?.code ?? 'failed', `${failures.length} of ${of} failed`, {
		hint: first?.hint,
		cause: first,
	});
}

function withWhatWasDone(error: ClusterError, done: readonly JournalStep[]): ClusterError {
	if (done.length === 0) {
		return error;
	}

	const titles = done.map(({step}) => title(step as Step));
	return new ClusterError(error.code, `${error.message}; done before that: ${titles.join(', ')}`, {
		hint: error.hint,
		cause: error,
	});
}

function title(step: Step): string {
	if (step.type === 'effect') {
		return step.title;
	}

	const verb = step.type === 'remove' ? 'removed' : step.create ? 'created' : 'changed';
	return `${verb} ${step.ref.kind} ${step.ref.name}`;
}

/** Why the change failed matters more than that it could not be recorded. */
async function recordFailed(journal: Journal, entry: JournalEntry): Promise<void> {
	try {
		await journal.record(entry);
	} catch {}
}

/** The change stands whatever the journal says: a failure here must not look like a change that failed. */
async function recordDone(journal: Journal, entry: JournalEntry): Promise<void> {
	try {
		await journal.record(entry);
	} catch (error) {
		throw notRecorded(error);
	}
}

function notRecorded(cause: unknown): ClusterError {
	return new ClusterError('storage', `done, but it could not be recorded: ${toClusterError(cause).message}`, {cause});
}
