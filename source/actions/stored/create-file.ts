import {ClusterError} from '../../core/error.ts';
import {refuse as refuseProblems} from '../../core/spec/check.ts';
import {checkName} from '../../core/spec/name.ts';
import {defineAction, objectsOf} from '../action.ts';
import {many, pair, record, text} from '../fields/fields.ts';
import {contentFields, neededContent} from './file-content.ts';

/** Configs and secrets are made in the same way. */
function createFile<K extends 'config' | 'secret'>(kind: K) {
	return defineAction({
		id: `${kind}.create`,
		title: `Create a ${kind}`,
		on: kind,
		creates: true,
		fields: {
			name: text('Name', 'NAME', {operand: 'one'}),
			...contentFields(kind === 'secret'),
			label: many(pair('Set a label', {short: 'l'})),
		},
		form: {file: 'file'},
		plan(world, _, input) {
			const {name} = input;
			if (name === undefined) {
				throw new ClusterError('usage', 'NAME is missing');
			}

			refuseProblems(checkName(name, 'NAME'));
			const data = neededContent(input);
			if (objectsOf(world, kind).some(object => object.name === name)) {
				throw new ClusterError('conflict', `there is a ${kind} ${name} already`, {
					hint: `Give it new content with \`muster ${kind} edit ${name} FILE\`.`,
				});
			}

			const ref = {kind, name} as {kind: 'config'; name: string};
			const patch = {data, ...(input.label && {labels: record(input.label)})};
			return [{type: 'apply', ref, patch, create: true, inverse: {type: 'remove', ref}}];
		},
	});
}

export const createConfig = createFile('config');
export const createSecret = createFile('secret');
