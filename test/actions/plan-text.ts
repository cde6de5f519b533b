import {expect, test} from 'vitest';
import {type Action, type Field, objectsOf, type Step} from '../../source/actions/action.ts';
import {planAction} from '../../source/actions/execute.ts';
import {actions} from '../../source/actions/index.ts';
import type {Facets} from '../../source/core/backend.ts';
import {toClusterError} from '../../source/core/error.ts';
import type {Kind, Objects} from '../../source/core/model/index.ts';
import {refuseLocalOptions} from '../../source/core/spec/engine-options.ts';
import {named, readCluster} from '../helpers/cluster-text.ts';

export const allFacets = {
	refuseSpec: refuseLocalOptions,
	kill: async () => {},
	failNode: async () => {},
	addImage: async () => ({}),
} as unknown as Facets;

/** `replicas=5 env=A=1 'command=a b'`: one `field=text` a word; `many` fields may come again. */
export function readInput(action: Action, words: readonly string[]): Record<string, unknown> {
	const input: Record<string, unknown> = {};
	for (const word of words) {
		const [, name = '', text = ''] = /^(\w+)(?:=([\s\S]*))?$/.exec(word) ?? [];
		const field = action.fields[name] as Field<unknown>;
		const value = field.parse(word.includes('=') ? text : 'true');
		input[name] = field.many ? [...((input[name] as unknown[]) ?? []), value] : value;
	}

	return input;
}

function stepText(step: Step): string {
	if (step.type === 'effect') {
		return step.title;
	}

	const revision = step.ifRevision === undefined ? '' : ` if ${step.ifRevision}`;
	if (step.type === 'remove') {
		return `remove ${step.ref.name}${revision}`;
	}

	const how = `${step.create ? 'create ' : ''}${step.keepTag ? 'as it is ' : ''}`;
	return `apply ${step.ref.name} ${how}${JSON.stringify(step.patch)}${revision}`;
}

/** What an action plans in a cluster, as text: the steps, what undoes them, the equal command; or the refusal. */
export function planText(cluster: string, id: string, target: string | undefined, ...words: string[]): string[] {
	const action = actions.get(id) as Action;
	const world = readCluster(cluster);
	try {
		const object = target === undefined ? undefined : named<Objects[Kind]>(objectsOf(world, action.on), target);
		const plan = planAction(
			{name: 'local', facets: allFacets},
			{action, world, target: object, input: readInput(action, words)},
		);
		return [
			...plan.steps.flatMap(step => [
				stepText(step),
				...(step.type !== 'effect' && step.inverse ? [`undo: ${stepText(step.inverse)}`] : []),
			]),
			...(plan.question === undefined ? [] : [plan.question]),
			`$ ${plan.command}`,
		];
	} catch (error) {
		const {code, message} = toClusterError(error);
		return [`${code}: ${message}`];
	}
}

/** A cluster and `[action, target, ...words]` in, the lines of `planText` out. */
export function check(name: string, cluster: string, ask: string[], expected: string[]): void {
	const [id = '', target = '', ...words] = ask;
	test(name, () => {
		expect(planText(cluster, id, target || undefined, ...words)).toEqual(expected);
	});
}
