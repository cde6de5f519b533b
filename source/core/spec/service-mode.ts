import type {ServiceSpec} from '../model/index.ts';

/** Its slots are nodes, not numbers. */
export function isPerNode({mode, perNode}: Pick<ServiceSpec, 'mode' | 'perNode'>): boolean {
	return mode === 'global' || perNode === true;
}

/** As it is called where it is created. */
export function modeText({mode, perNode}: Pick<ServiceSpec, 'mode' | 'perNode'>): string {
	return perNode ? 'global-job' : mode;
}
