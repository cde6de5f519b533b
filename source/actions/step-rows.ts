import type {PreviewRow} from '../core/preview/preview.ts';
import {previewWrite} from '../core/preview/preview-write.ts';
import type {Step, World} from './action.ts';

/** Of a plan of several steps, what each brings. */
export function stepRows(world: World, steps: readonly Step[]): readonly PreviewRow[] {
	return steps.map(step => {
		const {kind, name} = step.ref;
		if (step.type === 'effect') return {name: step.todo, change: ''};
		const brings = previewWrite(world, step)?.summary;
		const what = step.type === 'remove' ? 'goes' : step.create ? 'is made' : 'changes';
		return {name: `${kind} ${name}`, change: brings === undefined ? what : `${what}: ${brings}`};
	});
}
