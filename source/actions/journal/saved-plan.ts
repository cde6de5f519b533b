import type {Ref, WritableKind} from '../../core/backend.ts';
import {inversePatch, isObject, mergePatch} from '../../core/difference/merge-patch.ts';
import {ClusterError} from '../../core/error.ts';
import {type Instant, type Kind, kinds, type Objects} from '../../core/model/index.ts';
import {type Check, flag, list, number, oneOf, optional, problem, refuse, shape, text} from '../../core/spec/check.ts';
import type {Action, Input, Step, World} from '../action.ts';
import {objectsOf} from '../action.ts';
import {changedMember} from './undo.ts';

type Keepable = Exclude<Step, {type: 'effect'}>;

/** One change of a saved plan: what was decided, and on what. */
export type SavedChange = {
	readonly action: string;
	readonly command: string;
	/** To be answered before it is carried out. */
	readonly question?: string;
	/** The recorded change that it takes back. */
	readonly undoes?: string;
	readonly target?: {readonly id: string; readonly name: string};
	readonly steps: readonly Keepable[];
	/** What each step was decided on, in their order; null: there was none of that name. */
	readonly bases: ReadonlyArray<Base | null>;
};

/** An object as it was planned on. */
type Base = {readonly id: string; readonly spec: unknown; readonly version?: number};

/** As a file holds it: decided now, to be carried out later, if what it was decided on is still so. */
export type SavedPlan = {
	readonly format: typeof planFormat;
	readonly context: string;
	readonly createdAt: Instant;
	readonly createdBy: string;
	readonly changes: readonly SavedChange[];
};

export const planFormat = 'muster plan 1';

/** Whether a step would change anything of what is there. */
export function changesAnything(world: World, step: Step): boolean {
	if (step.type !== 'apply' || step.create) {
		return true;
	}

	const spec = specOf(meant(world, step.ref)) ?? {};
	return JSON.stringify(mergePatch<object>(spec, step.patch)) !== JSON.stringify(mergePatch<object>(spec, {}));
}

/** Throws where a file cannot hold it: an effect is no state, and a secret's content is written nowhere. */
export function saveChange(
	world: World,
	change: Pick<SavedChange, 'action' | 'command' | 'question' | 'undoes' | 'target'>,
	steps: readonly Step[],
): SavedChange {
	const kept = steps.map((step): Keepable => {
		if (step.type === 'effect') {
			throw new ClusterError(
				'unsupported',
				`a plan of it cannot be kept: to ${step.todo} changes nothing that is stored`,
			);
		}

		if (step.type === 'apply' && step.ref.kind === 'secret' && 'data' in step.patch) {
			throw new ClusterError('unsupported', 'a plan of it cannot be kept: a file would hold what the secret does', {
				hint: 'Look at it with `muster plan` without --out.',
			});
		}

		return step;
	});
	return {...change, steps: kept, bases: kept.map(({ref}) => baseOf(meant(world, ref)))};
}

/** What carries a saved change out. `original` is the action that made it, for what can be done here and how it is waited for. */
export function savedAction(plan: SavedPlan, change: SavedChange, original: Action | undefined): Action {
	const {action, command, question, steps, bases} = change;
	const ref = steps.at(-1)?.ref;
	return {
		id: action as Action['id'],
		title: command,
		on: ref?.kind ?? 'service',
		creates: true,
		fields: {},
		command: () => command,
		confirm: () => question,
		plan: world => steps.map((step, index) => stepNow(world, laterBy(step, world.now - plan.createdAt), bases[index])),
		...(original?.unavailable && {
			unavailable: (target, backend) => (target === undefined ? original.unavailable?.(undefined, backend) : undefined),
		}),
		...(original?.progress && {
			progress: (world, target) => original.progress?.(world, target, {} as Input<never>) as never,
		}),
	};
}

/** The step on the object as it is now, where that is still what was planned on. */
function stepNow(world: World, step: Keepable, base: Base | null | undefined): Step {
	const {kind, name} = step.ref;
	const now = meant(world, step.ref);
	if (step.type === 'apply' && step.create) {
		if (now !== undefined) {
			throw moved(`there is a ${kind} ${name} by now`);
		}

		return step;
	}

	if (now === undefined || base?.id !== now.id) {
		throw moved(`the ${kind} ${name} that it was made for is not there any more`);
	}

	const {spec, version} = baseOf(now) as Base;
	const member = version === base.version ? changedMember(base.spec, spec) : 'its content';
	if (member !== undefined) {
		throw moved(`the ${kind} ${name} has moved on: ${member} was changed since`);
	}

	const inverse = step.type === 'apply' && isObject(spec) && {inverse: backTo(step, spec)};
	return {...step, ifRevision: now.revision, ...inverse} as Step;
}

function backTo({ref, patch}: Keepable & {type: 'apply'}, spec: object): Step {
	return {type: 'apply', ref, patch: inversePatch<object>(spec, patch)} as Step;
}

function moved(what: string): ClusterError {
	return new ClusterError('conflict', `the plan does not hold any more: ${what}`, {hint: 'Make a new one.'});
}

/** A deadline that was so far off when it was planned is so far off when it is begun. */
function laterBy(step: Keepable, milliseconds: number): Keepable {
	const {drainDeadlineAt} = (step.type === 'apply' ? step.patch : {}) as {readonly drainDeadlineAt?: unknown};
	return typeof drainDeadlineAt === 'number' && step.type === 'apply'
		? ({...step, patch: {...step.patch, drainDeadlineAt: drainDeadlineAt + milliseconds}} as Keepable)
		: step;
}

function meant(world: World, {kind, id, name, scope}: Ref): Objects[Kind] | undefined {
	return objectsOf(world, kind).find(object =>
		id === undefined ? object.name === name && (scope ?? object.scope) === object.scope : object.id === id,
	);
}

function specOf(object: Objects[Kind] | undefined): object | undefined {
	return object !== undefined && 'spec' in object ? object.spec : undefined;
}

function baseOf(object: Objects[Kind] | undefined): Base | null {
	// Of a secret its version stands for what it holds; a service's is that of its template, which its spec has.
	const version = object?.kind === 'secret' ? {version: object.version} : {};
	return object === undefined ? null : {id: object.id, spec: specOf(object) ?? null, ...version};
}

const name = text(1000);
const anything: Check = () => [];
const anObject: Check = (value, path) => (isObject(value) ? [] : [problem(path, 'an object', value)]);
const ref = shape({
	kind: oneOf(...kinds),
	id: optional(name),
	name,
	scope: optional(name),
	context: optional(name),
	type: optional(name),
});
const step: Check = (value, path) =>
	shape({
		type: oneOf('apply', 'remove'),
		ref,
		...(isObject(value) && value.type === 'apply'
			? {patch: anObject, create: optional(flag), keepTag: optional(flag)}
			: {cascade: optional(oneOf('background', 'foreground', 'orphan'))}),
		ifRevision: optional(name),
		inverse: optional(anObject),
	})(value, path);
const base: Check = (value, path) =>
	value === null
		? []
		: shape({id: name, spec: anything, version: optional(number(0, Number.MAX_SAFE_INTEGER))})(value, path);
const maxChanges = 1000;
const check = shape({
	format: oneOf(planFormat),
	context: name,
	createdAt: number(0, Number.MAX_SAFE_INTEGER),
	createdBy: name,
	changes: list(
		maxChanges,
		shape({
			action: name,
			command: text(100_000),
			question: optional(text(100_000)),
			undoes: optional(name),
			target: optional(shape({id: name, name})),
			steps: list(maxChanges, step),
			bases: list(maxChanges, base),
		}),
	),
});

function parsed(content: string): unknown {
	try {
		return JSON.parse(content);
	} catch {
		return undefined;
	}
}

/** Throws `usage` where it is none; `file` names it. */
export function readSavedPlan(content: string, file: string): SavedPlan {
	const value = parsed(content);
	if (!isObject(value) || value.format !== planFormat) {
		throw new ClusterError('usage', `${file} is no plan that this version of muster has saved`);
	}

	refuse(check(value, file));
	const plan = value as unknown as SavedPlan;
	for (const [index, {steps, bases}] of plan.changes.entries()) {
		if (steps.length !== bases.length) {
			refuse([{path: `${file}.changes[${index}].bases`, message: `must have ${steps.length} entries, as steps has`}]);
		}
	}

	return plan;
}

/** The kinds that it is about, beyond those that every plan looks at. */
export function kindsOf({changes}: SavedPlan): ReadonlyArray<WritableKind> {
	return [...new Set(changes.flatMap(({steps}) => steps.map(({ref: {kind}}) => kind as WritableKind)))];
}
