import type {Progress} from '../../actions/action.ts';
import type {Backend} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import type {ResourceFacet, ResourceRef} from '../../core/resource/facet.ts';
import {whatHolds} from '../../core/resource/holders.ts';
import {formatDuration} from '../../core/text/units.ts';
import type {Host} from '../host.ts';
import {follow} from '../watching/follow.ts';
import {createPulse} from '../watching/pulse.ts';
import {patienceMs} from './wait-until.ts';

const restMs = 50;

export type UntilGone = {
	readonly host: Clock & Pick<Host, 'interrupted'>;
	readonly timeoutMs: number | undefined;
	readonly show: (states: ReadonlyMap<string, Progress>) => void;
};

type Removed = {readonly id: string; readonly name: string; readonly ref: ResourceRef};

/** What of these the engine may keep for a while after it was asked to remove it. */
function removedOf(resources: ResourceFacet, objects: ReadonlyArray<Objects[Kind]>): readonly Removed[] {
	return objects.flatMap(object => {
		const {id, name, kind} = object;
		const ref = kind === 'resource' ? object : resources.refOf?.(object);
		return ref === undefined ? [] : [{id, name, ref: {type: ref.type ?? '', name, scope: ref.scope}}];
	});
}

/**
 * Waits until what was removed is gone: at once, but for what somebody keeps. Throws `timeout` after the time that was given, `failed`
 * where something holds it and nothing has moved for long.
 */
export async function untilGone(
	{facets}: Pick<Backend, 'facets'>,
	objects: ReadonlyArray<Objects[Kind]>,
	{host, timeoutMs, show}: UntilGone,
): Promise<{readonly messages: readonly string[]; readonly interrupted: boolean}> {
	const {resources} = facets;
	const removed = resources === undefined ? [] : removedOf(resources, objects);
	if (resources === undefined || removed.length === 0) return {messages: [], interrupted: false};
	const stop = new AbortController();
	const signal = AbortSignal.any([stop.signal, host.interrupted]);
	const pulse = createPulse(host, signal, restMs);
	const left = new Map<Removed, string | undefined>(removed.map(one => [one, undefined]));
	const waited = new Set<Removed>();
	let movedMs = host.monotonicMs();
	let broken: ClusterError | undefined;
	const moved = () => {
		movedMs = host.monotonicMs();
		pulse.news();
	};
	const keep = async (one: Removed) => {
		const following = {
			signal,
			clock: host,
			patient: () => timeoutMs !== undefined,
			broken(error: ClusterError | undefined) {
				broken = error;
			},
		};
		for await (const {items} of follow(feedOf(resources, one), {kind: 'resource'}, following)) {
			if (!items.has(one.id)) break;
			waited.add(one);
			const why = whatHolds(await resources.read(one.ref, {reveals: false}).catch(ifGone));
			if (why !== left.get(one)) {
				left.set(one, why);
				moved();
			}
		}

		left.delete(one);
		moved();
	};
	const kept = removed.map(async one => {
		try {
			await keep(one);
		} catch (thrown) {
			// Who may remove it, and not see it, is told no more.
			if (toClusterError(thrown).code === 'not-allowed') left.delete(one);
			else throw thrown;
			moved();
		}
	});
	for (const one of kept) one.catch(pulse.fail);
	const startedMs = host.monotonicMs();
	try {
		while (left.size > 0 && !signal.aborted) {
			await pulse.next(timeoutMs === undefined ? undefined : startedMs + timeoutMs - host.monotonicMs());
			show(statesOf(left));
			const nowMs = host.monotonicMs();
			const texts = [...[...left].map(textOf), ...(broken ? [broken.message] : [])].join('; ');
			if (left.size > 0 && timeoutMs !== undefined && nowMs - startedMs >= timeoutMs) {
				throw new ClusterError('timeout', `not reached within ${formatDuration(timeoutMs)}: ${texts}`);
			}

			const isHeld = [...left.values()].some(why => why !== undefined);
			if (isHeld && timeoutMs === undefined && nowMs - movedMs >= patienceMs) throw new ClusterError('failed', texts);
		}
	} finally {
		stop.abort();
	}

	const isOver = left.size === 0;
	return {
		messages: isOver ? [...waited].map(({name}) => `${name} is removed`) : [...left].map(textOf),
		interrupted: !isOver,
	};
}

function textOf([{name}, why]: readonly [Removed, string | undefined]): string {
	return why === undefined ? `${name} is still there` : `${name} is still there: ${why}`;
}

function statesOf(left: ReadonlyMap<Removed, string | undefined>): ReadonlyMap<string, Progress> {
	return new Map(
		[...left].map(([{name, ref}, why]) => [
			`${ref.type}/${name}`,
			{
				state: 'waiting',
				message: `${name}: waits until it is gone`,
				done: 0,
				total: 1,
				...(why === undefined ? {} : {trouble: why}),
			},
		]),
	);
}

/** The one object, as the only one of its kind. */
function feedOf(resources: ResourceFacet, {ref: {type, name, scope}}: Removed): Pick<Backend, 'list' | 'watch'> {
	const selection = {name, scope};
	return {
		async list(_: unknown, signal: AbortSignal) {
			const table = await resources.table(type, selection, signal).catch(ifGone);
			return {items: table?.rows ?? [], revision: table?.revision ?? ''};
		},
		watch: (_: unknown, since: string, signal: AbortSignal) => resources.watch(type, selection, since, signal),
	} as unknown as Pick<Backend, 'list' | 'watch'>;
}

/** Its whole namespace, or its kind, may be gone. */
function ifGone(thrown: unknown): undefined {
	if (toClusterError(thrown).code === 'not-found') return undefined;
	throw thrown;
}
