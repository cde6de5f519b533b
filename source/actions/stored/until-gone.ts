import {ClusterError} from '../../core/error.ts';
import type {Service} from '../../core/model/index.ts';
import type {Step} from '../action.ts';

/** Beyond what each may take to stop. */
const patienceMs = 60_000;

/** What they use cannot be taken from them while they stop. */
export function untilGone(services: readonly Service[]): Step {
	const ids = new Set(services.map(({id}) => id));
	const graceMs = Math.max(...services.map(({spec}) => spec.template.stopGraceMs));
	return {
		type: 'effect',
		ref: {kind: 'service', name: services.map(({name}) => name).join(', ')},
		todo: 'wait until its services have stopped',
		title: 'waited for its services to stop',
		async run(backend) {
			const signal = AbortSignal.timeout(graceMs + patienceMs);
			const {items, revision} = await backend.list({kind: 'service'}, signal);
			const left = new Set(items.filter(({id}) => ids.has(id)).map(({id}) => id));
			if (left.size === 0) return;
			for await (const change of backend.watch({kind: 'service'}, revision, signal)) {
				if (change.type === 'remove') left.delete(change.id);
				if (left.size === 0) return;
			}

			throw new ClusterError('timeout', `${left.size} of its services have not stopped`, {
				hint: 'What they use stays until they have: repeat it then.',
			});
		},
	};
}
