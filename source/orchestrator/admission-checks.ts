import type {Ref, WriteOptions} from '../core/backend.ts';
import {ClusterError} from '../core/error.ts';
import type {Meta} from '../core/model/index.ts';

export function checkPrecondition(
	ref: Ref,
	known: Meta | undefined,
	{create, ifRevision}: Pick<WriteOptions, 'create' | 'ifRevision'>,
): void {
	if (create === true && known !== undefined) {
		throw new ClusterError('conflict', `A ${ref.kind} named ${ref.name} exists already.`, {
			hint: 'Choose another name.',
		});
	}

	if (create !== true && known === undefined) {
		throw new ClusterError('not-found', `There is no ${ref.kind} named ${ref.name}.`);
	}

	if (ifRevision !== undefined && known !== undefined && known.revision !== ifRevision) {
		throw new ClusterError('conflict', `The ${ref.kind} ${ref.name} was changed by someone else meanwhile.`, {
			hint: 'Look at it again and repeat the change.',
		});
	}
}

export function refuseProblems(problems: ReadonlyArray<{readonly path: string; readonly message: string}>): void {
	const [first] = problems;
	if (first !== undefined) {
		throw new ClusterError('usage', problems.map(({path, message}) => `${path}: ${message}`).join('; '));
	}
}
