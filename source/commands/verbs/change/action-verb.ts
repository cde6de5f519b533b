import {type Action, type Field, type Fields, objectsOf} from '../../../actions/action.ts';
import {withHistory} from '../../../actions/journal/history.ts';
import {withHeld} from '../../../actions/node/held.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Kind, Objects} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {parseValue} from '../../arguments/parse.ts';
import {findOne, lyingOn} from '../../arguments/resolve.ts';
import type {Errand} from '../../running/errand.ts';
import {isWaitedFor, runErrands, waitFields} from '../../running/run-action.ts';
import {readWorld} from '../../running/world.ts';
import {type Call, defineVerb, type Operand, type Verb} from '../../verb.ts';

type Extras = Partial<Pick<Verb, 'details' | 'examples' | 'flagsEndAfter'>> & {
	/** More flags, which `prepare` turns into input. */
	readonly fields?: Fields;
	prepare?(call: Call, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
};

/** The command of an action: its fields are the flags, but for those that are written as words of their own. */
export function actionVerb(action: Action, {fields, prepare, ...extras}: Extras = {}): Verb {
	const flags = Object.fromEntries(Object.entries(action.fields).filter(([, {operand}]) => operand === undefined));
	return defineVerb({
		...extras,
		writes: true,
		operands: operandsOf(action),
		fields: {...flags, ...fields, ...(isWaitedFor(action) ? waitFields : {})},
		async run(call) {
			const {named, input} = readOperands(action, call.operands);
			const given = {...defined(call.flags), ...input};
			const whole = prepare === undefined ? given : await prepare(call, given);
			const backend = await call.backend();
			const world = await readWorld(backend, call.host.now(), action.on);
			const errands: Errand[] = action.creates
				? [{action, target: undefined, input: whole}]
				: named.map(({word, assigned}) => ({
						action,
						target: target(action.on, lyingOn(whole.node, objectsOf(world, action.on)), word),
						input: {...whole, ...assigned},
					}));
			refuseRepeated(errands);
			const services = errands.flatMap(({target: one}) => (one?.kind === 'service' ? [one] : []));
			const nodes = errands.flatMap(({target: one}) => (one?.kind === 'node' ? [one] : []));
			const known = action.needsHistory ? await withHistory(backend, world, services) : world;
			return runErrands(call, action.needsHeld ? await withHeld(backend, known, nodes) : known, errands);
		},
	});
}

/** The second would find the first in its way, when that has been done already. */
function refuseRepeated(errands: readonly Errand[]): void {
	const seen = new Set<string>();
	for (const {action, target: named} of errands) {
		if (named !== undefined && seen.has(named.id)) {
			throw new ClusterError('usage', `the ${action.on} ${named.name} is named twice`);
		}

		seen.add(named?.id ?? '');
	}
}

function defined(flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

function fieldAt(action: Action, operand: Field<unknown>['operand']): [string, Field<unknown>] | undefined {
	return Object.entries(action.fields).find(([, field]) => field.operand === operand);
}

function operandsOf(action: Action): Operand[] {
	const target = action.on.toUpperCase();
	const assign = fieldAt(action, 'assign')?.[1];
	const one = fieldAt(action, 'one')?.[1];
	const rest = fieldAt(action, 'rest')?.[1];
	const name = assign === undefined ? target : `${target}=${assign.placeholder}`;
	return [
		...(action.creates ? [] : [{name, completes: action.on, many: rest === undefined}]),
		...(one === undefined ? [] : [{name: one.placeholder ?? '', optional: isOptional(action)}]),
		...(rest === undefined ? [] : [{name: rest.placeholder ?? '', many: true, optional: true}]),
	];
}

/** A name can be left out; what something is made from cannot. */
function isOptional(action: Action): boolean {
	return fieldAt(action, 'one')?.[0] === 'name';
}

type Read = {
	/** The targets, each with its own value where the action assigns. */
	readonly named: ReadonlyArray<{readonly word: string; readonly assigned: Readonly<Record<string, unknown>>}>;
	readonly input: Readonly<Record<string, unknown>>;
};

function readOperands(action: Action, operands: readonly string[]): Read {
	const one = fieldAt(action, 'one');
	const rest = fieldAt(action, 'rest');
	const targetCount = action.creates ? 0 : rest === undefined ? operands.length : 1;
	const named = operands.slice(0, targetCount).map(word => readTarget(action, word));
	const [first, ...others] = operands.slice(targetCount);
	const input: Record<string, unknown> = {};
	if (one !== undefined && first !== undefined) {
		input[one[0]] = parseValue(one[1].placeholder ?? one[0], one[1], first);
	}

	const further = one === undefined && first !== undefined ? [first, ...others] : others;
	if (rest !== undefined && further.length > 0) {
		input[rest[0]] = further.map(text => parseValue(rest[1].placeholder ?? rest[0], rest[1], text));
	}

	return {named, input};
}

function readTarget(action: Action, word: string): Read['named'][number] {
	const assign = fieldAt(action, 'assign');
	if (assign === undefined) {
		return {word, assigned: {}};
	}

	const [, name, text] = /^(.*?)=(.*)$/.exec(word) ?? [];
	if (name === undefined || text === undefined) {
		const wanted = `${action.on.toUpperCase()}=${assign[1].placeholder}`;
		throw new ClusterError('usage', `${JSON.stringify(stripControl(word))} is not ${wanted}, such as web=5`);
	}

	return {word: name, assigned: {[assign[0]]: parseValue(stripControl(word), assign[1], text)}};
}

function target(kind: Kind, items: ReadonlyArray<Objects[Kind]>, word: string): Objects[Kind] {
	return findOne(kind, items, word, {exact: true});
}
