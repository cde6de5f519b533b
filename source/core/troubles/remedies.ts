import type {Service} from '../model/index.ts';
import {formatBytes} from '../text/units.ts';
import {type ObjectRef, type RemedyAction, refOf, type Trouble} from './trouble.ts';

type Remedy = Trouble['remedy'];

export function action(id: string, target: ObjectRef, input: RemedyAction['input'] = {}): RemedyAction {
	return {id, target: refOf(target), input};
}

/** Twice its memory limit; undefined where it has none. */
export function moreMemory(service: Service): Remedy | undefined {
	const {memoryBytes} = service.spec.template.limit;
	return memoryBytes === undefined
		? undefined
		: {
				text: `Give it more memory: a limit of ${formatBytes(memoryBytes * 2)}.`,
				action: action('service.update', service, {limitMemory: memoryBytes * 2}),
			};
}

export function ranOutOfMemory(reason: string | undefined): boolean {
	return reason !== undefined && /out of memory|OOM/i.test(reason);
}
