import {ClusterError} from '../../core/error.ts';
import type {Volume} from '../../core/model/index.ts';
import {defineAction, type Step} from '../action.ts';
import {present} from '../change.ts';
import {text} from '../fields/fields.ts';
import {quote} from '../fields/shell.ts';

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
		isGoneLater: true,
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
export const removeVolume = defineAction({
	...removeStored('volume'),
	fields: {node: text('Only what lies on this node', 'NODE', {names: 'node'})},
	confirm: volume => volume && `Remove the volume ${idText(volume)}${losses.volume}?`,
	preview: (_, volume) => ({summary: `removes volume ${volume ? idText(volume) : ''}${losses.volume}`, rows: []}),
	command: volume => ['muster', 'volume', 'rm', ...(volume ? [idText(volume)] : [])].map(quote).join(' '),
});
export const removeConfig = removeStored('config');
export const removeSecret = removeStored('secret');

/** Where each node has its own, its name alone would not do. */
function idText({id, name, nodeName, scope}: Volume): string {
	return nodeName !== undefined && scope === undefined ? id : name;
}
