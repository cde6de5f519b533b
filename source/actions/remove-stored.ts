import {ClusterError} from '../core/error.ts';
import {defineAction, type Step} from './action.ts';
import {present} from './change.ts';

type StoredKind = 'network' | 'volume' | 'config' | 'secret';

/** What is lost with one of them. */
const losses: Readonly<Record<StoredKind, string>> = {
	network: '',
	volume: ' with everything in it',
	config: ' in all its versions',
	secret: ' in all its versions',
};

function removeStored<K extends StoredKind>(kind: K) {
	return defineAction({
		id: `${kind}.rm`,
		title: 'Remove',
		on: kind,
		fields: {},
		confirm: object => object && `Remove the ${kind} ${object.name}${losses[kind]}?`,
		plan(_, target): readonly Step[] {
			const {id, name, usedBy, spec} = present(target);
			if (usedBy.length > 0) {
				throw new ClusterError('conflict', `the ${kind} ${name} is used by ${usedBy.join(', ')}`, {
					hint: `Take it from them first: muster service update --${kind === 'volume' ? 'mount' : kind}-rm …`,
				});
			}

			// A volume's files and a secret's content are gone for good.
			const canComeBack = kind === 'network' || kind === 'config';
			const inverse = {type: 'apply', ref: {kind, name}, patch: spec, create: true} as unknown as Step;
			return [{type: 'remove', ref: {kind, id, name}, ...(canComeBack && {inverse})}];
		},
	});
}

export const removeNetwork = removeStored('network');
export const removeVolume = removeStored('volume');
export const removeConfig = removeStored('config');
export const removeSecret = removeStored('secret');
