import type {Patch, WritableKind} from '../core/backend.ts';
import {inversePatch, isObject, mergePatch} from '../core/difference/merge-patch.ts';
import {patchBetween} from '../core/difference/three-way.ts';
import {ClusterError} from '../core/error.ts';
import type {Objects, ServiceSpec} from '../core/model/index.ts';
import {checkPoolSpec} from '../core/pool/pool-spec.ts';
import type {Problem} from '../core/spec/check.ts';
import {checkNodeSpec} from '../core/spec/node-spec.ts';
import {checkServiceSpec, serviceSpec} from '../core/spec/service-spec.ts';
import {type Action, defineAction, type Field, type Step} from './action.ts';
import {present} from './change.ts';
import {refuse} from './fields/fields.ts';
import {serviceProgress} from './service/service-progress.ts';

/** Kinds whose specs are changed as a whole. Of a secret nobody is shown what it holds. */
export type PatchedKind = Exclude<WritableKind, 'secret'>;

const patchField: Field<object> = {
	help: 'A JSON merge patch of its spec: what is null goes, objects are merged, all else replaces',
	placeholder: 'JSON',
	parse(found) {
		const value = parsed(found);
		if (!isObject(value)) {
			throw refuse(found, `an object as JSON, such as {"replicas":5}`);
		}

		return value;
	},
	format: value => JSON.stringify(value),
};

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** With what every spec of the kind has, where it was left out. */
export function wholeSpec(kind: PatchedKind, spec: unknown): unknown {
	return kind === 'service' && isObject(spec) ? serviceSpec(spec as Patch<ServiceSpec>) : spec;
}

/** All that is wrong with a whole spec of this kind, as far as that is known here. */
export function checkSpec(kind: PatchedKind, spec: unknown): readonly Problem[] {
	switch (kind) {
		case 'service':
			return checkServiceSpec(spec);
		case 'node':
			return checkNodeSpec(spec);
		case 'pool':
			return checkPoolSpec(spec);
		default:
			return isObject(spec) ? [] : [{path: 'spec', message: 'must be an object'}];
	}
}

function patchAction<K extends PatchedKind>(kind: K): Action<K> {
	return defineAction({
		id: `${kind}.patch`,
		title: `Patch the spec of a ${kind}`,
		on: kind,
		fields: {patch: patchField},
		plan(_, target, input) {
			const {patch} = input as {readonly patch?: object};
			if (patch === undefined || Object.keys(patch).length === 0) {
				throw new ClusterError('usage', 'nothing to change: --patch is missing or empty');
			}

			const object = present(target) as Objects[PatchedKind];
			const {id, name, revision, spec} = object;
			const whole = wholeSpec(kind, mergePatch<object>(spec, patch));
			const [problem] = checkSpec(kind, whole);
			if (problem !== undefined) {
				throw new ClusterError('usage', `--patch: ${problem.path} ${problem.message}`);
			}

			const ref = {kind, id, name};
			const change = patchBetween(spec, whole) as object;
			const inverse = {type: 'apply', ref, patch: inversePatch<object>(spec, change)};
			return [{type: 'apply', ref, patch: change, ifRevision: revision, inverse} as Step];
		},
		...(kind === 'service' && {
			progress: (world: Parameters<typeof serviceProgress>[0], target: {id: string; name: string}) =>
				serviceProgress(world, target),
		}),
	}) as unknown as Action<K>;
}

export const patchService = patchAction('service');
export const patchNode = patchAction('node');
export const patchNetwork = patchAction('network');
export const patchVolume = patchAction('volume');
export const patchConfig = patchAction('config');
export const patchPool = patchAction('pool');

/** By the kind that they change. */
export const patchActions: Readonly<Record<PatchedKind, Action>> = {
	service: patchService as Action,
	node: patchNode as Action,
	network: patchNetwork as Action,
	volume: patchVolume as Action,
	config: patchConfig as Action,
	pool: patchPool as Action,
};
