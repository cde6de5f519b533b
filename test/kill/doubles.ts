import type {Instance} from '../../source/core/model/index.ts';
import type {FoundProcess} from './processes.ts';

/** A slot that ran twice: who did, and what the daemon knew of them then. */
export type Double = {
	readonly processes: readonly FoundProcess[];
	/** None where the daemon could not be asked. */
	readonly instances: readonly Instance[];
};

/** Those that should not have been. Two may run in a slot when one replaces the other. */
export function notHandedOver(doubles: readonly Double[], atTheEnd: readonly Instance[]): string[] {
	return doubles.flatMap(({processes, instances}) => {
		const byId = new Map([...instances, ...atTheEnd].map(instance => [instance.id, instance]));
		const ids = processes.map(({instance}) => instance?.id ?? '');
		const [a = '', b = ''] = ids;
		return ids.length === 2 && (byId.get(a)?.replaces === b || byId.get(b)?.replaces === a)
			? []
			: [
					`a slot ran more than once at the same time: ${ids.join(' ')}`,
					...processes.map(process => `  ${JSON.stringify(process)}`),
					...ids.map(id => `  ${JSON.stringify(byId.get(id) ?? `${id} is not known`)}`),
				];
	});
}
