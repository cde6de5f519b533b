import type {Problem} from '../../../core/spec/check.ts';
import {checkName} from '../../../core/spec/name.ts';

/** Engines allow more in a name than core does, such as docker stack's `shop_web`. */
export function checkEngineName(name: string, path?: string): readonly Problem[] {
	return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(name) ? [] : checkName(name, path);
}
