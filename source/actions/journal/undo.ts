import type {Ref} from '../../core/backend.ts';
import {inversePatch, isObject} from '../../core/difference/merge-patch.ts';
import {ClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import {plural} from '../../core/preview/places.ts';
import {type Action, type Fields, objectsOf, type Progress, type Step, type World} from '../action.ts';
import {asItWas} from '../change.ts';
import {jointProgress} from '../service/joint-progress.ts';
import {rolloutProgress} from '../service/rollout-progress.ts';
import {serviceProgress} from '../service/service-progress.ts';
import {stepRows} from '../step-rows.ts';
import {followersOf} from '../stored/edit-file.ts';
import {untilGone} from '../stored/until-gone.ts';
import type {JournalEntry, JournalStep} from './journal.ts';

/** Those that were taken back since. */
export function undoneIds(entries: readonly JournalEntry[]): ReadonlySet<string> {
	return new Set(entries.flatMap(({undoes, result}) => (result.ok && undoes !== undefined ? [undoes] : [])));
}

/** Why a change cannot be undone; undefined: it can, as far as the record goes. */
export function whyNotUndone(entry: JournalEntry, entries: readonly JournalEntry[]): string | undefined {
	if (!entry.result.ok) {
		return 'it failed';
	}

	if (entries.some(({undoes, result}) => undoes === entry.id && result.ok)) {
		return 'it was undone already';
	}

	return entry.steps.every(({inverse}) => inverse !== undefined) ? undefined : 'nothing brings back what it changed';
}

/** The newest change of a context that can be undone; an undo is not undone again, but when it is named. */
export function lastUndoable(entries: readonly JournalEntry[], context: string): JournalEntry | undefined {
	return entries.findLast(
		entry => entry.context === context && entry.undoes === undefined && whyNotUndone(entry, entries) === undefined,
	);
}

/** What takes one recorded change back. Refused where what it changed has moved on since. */
export function undoAction(entry: JournalEntry): Action {
	const removed = entry.steps.flatMap(({inverse}) => (inverse?.type === 'remove' ? [inverse.ref] : []));
	const last = entry.steps.at(-1)?.inverse;
	const changed = entry.steps.flatMap(({inverse}) => (inverse?.type === 'apply' ? [inverse] : []));
	const isWaitedFor = changed.some(({ref}) => ref.kind === 'service' || isFile(ref.kind));
	const plan = (world: World) =>
		waitingBetween(
			world,
			entry.steps.toReversed().map(step => inverseNow(world, step)),
		);
	return {
		id: `undo.${entry.id}`,
		title: `Undo: ${entry.command}`,
		on: last?.ref.kind ?? 'service',
		creates: true,
		fields: {} satisfies Fields,
		confirm: () =>
			removed.length === 0
				? undefined
				: `Undo ${entry.command}, which removes ${removed.map(({kind, name}) => `${kind} ${name}`).join(', ')}?`,
		plan,
		...(entry.steps.length > 1 && {
			preview: (world: World) => ({
				summary: `${plural(entry.steps.length, 'change')}, the last one first`,
				rows: stepRows(world, plan(world)),
			}),
		}),
		isOfMany: entry.steps.length > 1,
		...(isWaitedFor && {
			progress: (world: World, target: Objects[Kind]) => progressOf(world, namesIn(world, changed), target),
		}),
	};
}

function isFile(kind: Kind): kind is 'config' | 'secret' {
	return kind === 'config' || kind === 'secret';
}

/** The services that were changed, and those that follow what they read. */
function namesIn(world: World, changed: ReadonlyArray<{readonly ref: Pick<Ref, 'kind' | 'name'>}>): readonly string[] {
	const names = changed.flatMap(({ref: {kind, name}}) =>
		isFile(kind) ? followersOf(world, kind, name).map(service => service.name) : kind === 'service' ? [name] : [],
	);
	return [...new Set(names)];
}

/** Of the one that was written as it was then; of several each by its name. */
function progressOf(world: World, names: readonly string[], target: Objects[Kind] | undefined): Progress {
	if (names.length === 1 && target?.kind === 'service') return rolloutProgress(world, target);
	const services = world.services.filter(({name}) => names.includes(name));
	return jointProgress(
		services.map(service => serviceProgress(world, service)),
		names.length - services.length,
	);
}

/** What services use goes once they are gone. */
function waitingBetween(world: World, steps: readonly Step[]): readonly Step[] {
	const isService = ({type, ref}: Step) => type === 'remove' && ref.kind === 'service';
	const last = steps.findLastIndex(isService);
	const services = steps.filter(isService).flatMap(({ref}) => world.services.filter(({name}) => name === ref.name));
	const isUsed = steps.slice(last + 1).some(({type}) => type === 'remove');
	return last < 0 || !isUsed ? steps : [...steps.slice(0, last + 1), untilGone(services), ...steps.slice(last + 1)];
}

/** The inverse of a step on the object as it is now. */
function inverseNow(world: World, {step, inverse, objectId, after}: JournalStep): Step {
	if (inverse === undefined || inverse.type === 'effect') {
		throw new ClusterError('conflict', 'nothing brings back what was changed');
	}

	const {kind, name} = inverse.ref;
	const current = objectsOf(world, kind).find(object => object.name === name);
	if (inverse.type === 'apply' && inverse.create) {
		if (current !== undefined) {
			throw new ClusterError('conflict', `there is another ${kind} ${name} by now`);
		}

		return asItWas({...inverse, inverse: {type: 'remove', ref: inverse.ref}});
	}

	if (current === undefined || (objectId !== undefined && current.id !== objectId)) {
		throw new ClusterError('conflict', `the ${kind} ${name} is not there any more`);
	}

	const {spec, revision} = current as {spec?: object; revision: string};
	refuseMoved(`${kind} ${name}`, after ?? step.patch, partOf(spec, step.patch));
	if (inverse.type === 'remove') {
		return {...inverse, ref: {...inverse.ref, id: current.id}} as Step;
	}

	const back = {type: 'apply', ref: inverse.ref, patch: inversePatch<object>(spec ?? {}, inverse.patch)};
	return asItWas({...inverse, ifRevision: revision, inverse: back} as Step);
}

function refuseMoved(name: string, made: unknown, found: unknown): void {
	const moved = difference(made, found, '');
	if (moved !== undefined) {
		throw new ClusterError('conflict', `the ${name} has moved on: ${moved} was changed again since`, {
			hint: 'Undo that first, or set what you want.',
		});
	}
}

/** The first member that is not as it was made; null and absent are the same. Undefined: there is none. */
export function changedMember(made: unknown, found: unknown): string | undefined {
	return difference(made, found, '');
}

function difference(made: unknown, found: unknown, path: string): string | undefined {
	if (!isObject(made) || !isObject(found)) {
		return JSON.stringify(made ?? null) === JSON.stringify(found ?? null) ? undefined : path || 'it';
	}

	const keys = [...new Set([...Object.keys(made), ...Object.keys(found)])];
	return keys
		.map(key => difference(made[key], found[key], path === '' ? key : `${path}.${key}`))
		.find(text => text !== undefined);
}

/** What of a spec a patch is about: its members, with the values that they have. */
export function partOf(spec: unknown, patch: unknown): unknown {
	if (!isObject(patch) || !isObject(spec)) {
		return spec;
	}

	return Object.fromEntries(Object.keys(patch).map(key => [key, partOf(spec[key], patch[key])]));
}
