import type {Patch, Ref, WriteOptions} from '../core/backend.ts';
import {mergePatch} from '../core/difference/merge-patch.ts';
import {ClusterError} from '../core/error.ts';
import type {Pool, PoolSpec} from '../core/model/index.ts';
import {checkPoolSpec, mostPoolNodes, poolDefaults} from '../core/pool/pool-spec.ts';
import {checkName} from '../core/spec/service-spec.ts';
import {checkPrecondition, refuseProblems} from './admission-checks.ts';
import {emit, newMeta, type Write} from './turn.ts';

// Users' writes of pools: everything is checked before anything is put. The pool controller makes and removes their nodes.

export function writePool(
	write: Write,
	ref: Ref<'pool'>,
	patch: Patch<PoolSpec>,
	options: Pick<WriteOptions, 'create' | 'ifRevision'>,
): Pool {
	const before = find(write, ref);
	checkPrecondition(ref, before, options);
	const spec = mergePatch<PoolSpec>(before?.spec ?? poolDefaults, patch);
	refuseProblems([
		...checkName(ref.name, 'name'),
		...checkName(`${ref.name}-${mostPoolNodes}`, 'name of its nodes'),
		...checkPoolSpec(spec),
	]);
	if (before?.removing) {
		throw new ClusterError('conflict', `Pool ${before.name} is being removed.`);
	}

	const pool = write.tx.put(
		'pool',
		before === undefined
			? {
					...newMeta(write, ref.name),
					kind: 'pool',
					spec,
					status: {nodes: 0, ready: 0, reason: 'is new', at: write.now},
					removing: false,
				}
			: {...before, spec},
	);
	const range = `${spec.min} to ${spec.max} nodes`;
	emit(write, pool, before === undefined ? 'Created' : 'Changed', range);
	return pool;
}

export function removePool(write: Write, ref: Ref<'pool'>, options: Pick<WriteOptions, 'ifRevision'>): void {
	const pool = find(write, ref);
	checkPrecondition(ref, pool, options);
	if (pool !== undefined && !pool.removing) {
		emit(write, write.tx.put('pool', {...pool, removing: true}), 'Removing', 'its nodes are drained and removed');
	}
}

function find({tx}: Write, {id, name}: Ref<'pool'>): Pool | undefined {
	return id === undefined ? tx.byName('pool', name) : tx.get('pool', id);
}
