import type {Action, Fields, Input} from '../../actions/action.ts';
import type {Kind, Objects} from '../../core/model/index.ts';

/** One thing that is to be done: an action, to what, how. */
export type Errand<K extends Kind = Kind> = {
	readonly action: Action;
	readonly target: Objects[K] | undefined;
	readonly input: Input<Fields>;
	/** The recorded change that it takes back. */
	readonly undoes?: string;
};
