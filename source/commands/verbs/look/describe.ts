import type {Detail} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Kind} from '../../../core/model/index.ts';
import {displayWidth, stripControl} from '../../../core/text/text.ts';
import {facet} from '../../arguments/reach.ts';
import {findOne} from '../../arguments/resolve.ts';
import {toJson} from '../../output/json.ts';
import {defineVerb, type Verb} from '../../verb.ts';

function describeVerb(kind: 'instance' | 'node'): Verb {
	return defineVerb({
		operands: [{name: kind.toUpperCase(), completes: kind as Kind, many: true}],
		fields: {},
		details: 'What the engine knows beyond `inspect`. With -o json as data.',
		async run({host, shared, operands, backend: open}) {
			const {output} = shared;
			if (output !== undefined && output !== 'json' && output !== 'table') {
				throw new ClusterError('usage', `-o ${output} is not possible here: json and table are allowed`);
			}

			const backend = await open();
			const read = facet(backend, backend.facets.details, `tell more of ${kind}s than inspect does`);
			const {items} = await backend.list({kind, history: true});
			const found = operands.map(word => findOne(kind, items, word, {exact: false}));
			const told = await Promise.all(
				found.map(async ({id, name, scope}) => {
					const ref = {kind, id, name, ...(scope === undefined ? {} : {scope})};
					return {name, details: await read.call(backend.facets, ref)};
				}),
			);
			if (output === 'json') {
				host.stdout.write(`${toJson(told, '  ')}\n`);
				return 0;
			}

			host.stdout.write(
				told.map(({name, details}) => [stripControl(name), ...textOf(details), ''].join('\n')).join('\n'),
			);
			return 0;
		},
	});
}

function textOf(details: readonly Detail[]): string[] {
	return details.flatMap(({title, rows}) => {
		const columns = Math.max(0, ...rows.map(([label]) => displayWidth(label))) + 2;
		return rows.length === 0
			? []
			: ['', title, ...rows.map(([label, text]) => `  ${label}${' '.repeat(columns - displayWidth(label))}${text}`)];
	});
}

export const instanceDescribe = describeVerb('instance');
export const nodeDescribe = describeVerb('node');
