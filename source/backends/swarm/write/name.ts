import type {Problem} from '../../../core/spec/check.ts';
import {checkName} from '../../../core/spec/name.ts';

/** Of a service, whose name is a host's, too; but docker stack calls those of its own `shop_web`. */
export function checkServiceName(name: string): readonly Problem[] {
	return checkName(name.replaceAll('_', '-')).length === 0 ? [] : checkName(name);
}

/** Of all else: engines allow more than core does. */
export function checkEngineName(name: string): readonly Problem[] {
	return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(name) ? [] : checkName(name);
}
