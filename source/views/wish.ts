import type {Backend} from '../core/backend.ts';
import type {About} from './state.ts';

/** Another context that was opened, on a screen that was asked for or its first; or another namespace of the same one, on the same screen. */
export type Wish =
	| {readonly backend: Backend; readonly screen?: string}
	| ({readonly screen: string; readonly about?: About; readonly filter?: string} & (
			| {readonly namespace: string}
			| {readonly allNamespaces: true}
	  ));
