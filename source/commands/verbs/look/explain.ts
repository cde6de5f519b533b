import {equalCommand} from '../../../actions/fields/equal-command.ts';
import {actions} from '../../../actions/index.ts';
import type {Backend} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import {type Explained, explainedKinds, explainObject, troubleLines} from '../../../core/explain/explain.ts';
import type {ExplainedLine, ExplainWorld, Explanation} from '../../../core/explain/explanation.ts';
import {placesOf} from '../../../core/explain/instance.ts';
import type {Kind, Objects} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {findTroubles} from '../../../core/troubles/find-troubles.ts';
import type {Trouble} from '../../../core/troubles/trouble.ts';
import {findOne, noneNamed} from '../../arguments/resolve.ts';
import {toJson} from '../../output/json.ts';
import {paintFor} from '../../output/paint.ts';
import {type Call, defineVerb} from '../../verb.ts';

/** Of the log of an instance that ended badly. */
const logLines = 5;
const eventLimit = 1000;

type Answer = {readonly about: string; readonly explanations: readonly Explanation[]};

export const explain = defineVerb({
	operands: [{name: 'SERVICE|INSTANCE|NODE|POOL', completes: 'service', optional: true, many: true}],
	fields: {},
	details:
		'Where something runs and why there, why it waits or was restarted, why so many run; what is wrong with it and what helps.\nWithout a name: all that is wrong in the cluster. node/NAME says which kind is meant where names are alike.',
	examples: ['muster explain web', 'muster explain web.3', 'muster explain node/n2', 'muster explain'],
	async run(call) {
		const {host, shared, operands} = call;
		const {output} = shared;
		if (output !== undefined && output !== 'json' && output !== 'table') {
			throw new ClusterError('usage', `-o ${output} is not possible here: json is allowed`);
		}

		const backend = await call.backend();
		const world = await readAll(backend, host.now(), operands.length > 0);
		const troubles = findTroubles({...world, instances: world.instances.filter(isCurrent(world))});
		const found = operands.map(word => findNamed(world, word));
		const answers =
			operands.length === 0
				? [everything(troubles)]
				: await Promise.all(
						found.map(async object => ({
							about: `${object.kind} ${object.name}`,
							explanations: [...explainObject(world, object, troubles), ...(await lastWords(backend, world, object))],
						})),
					);
		host.stdout.write(output === 'json' ? `${toJson(answers.map(withCommands), '\t')}\n` : textOf(call, answers));
		return 0;
	},
});

/** Of what is named, what may not be seen besides is left out; that nothing is wrong can only say who sees all services. */
async function readAll(backend: Backend, now: number, isNamed: boolean): Promise<ExplainWorld> {
	const read = async <K extends Kind>(kind: K, more = {}): Promise<ReadonlyArray<Objects[K]>> =>
		backend.kinds.includes(kind) ? (await backend.list({kind, ...more})).items : [];
	const ifAllowed = async <K extends Kind>(kind: K, more = {}): Promise<ReadonlyArray<Objects[K]>> =>
		read(kind, more).catch((thrown: unknown) => {
			if (toClusterError(thrown).code !== 'not-allowed') throw thrown;
			return [];
		});
	const components = backend.facets.health?.call(backend.facets).catch(() => []) ?? [];
	const [services, instances, nodes, pools, events] = await Promise.all([
		isNamed ? ifAllowed('service') : read('service'),
		read('instance', {history: true, usage: true}),
		ifAllowed('node', {usage: true}),
		read('pool'),
		ifAllowed('event', {limit: eventLimit}),
	]);
	return {now, services, instances, nodes, pools, events, components: await components};
}

/** What troubles look at: not what has been replaced. */
function isCurrent({services, instances}: ExplainWorld) {
	const newest = new Map<string, number>();
	const placeOf = placesOf(services);
	for (const instance of instances) {
		newest.set(placeOf(instance), Math.max(newest.get(placeOf(instance)) ?? 0, instance.createdAt));
	}

	return (instance: Objects['instance']) =>
		instance.desired === 'running' && instance.createdAt === newest.get(placeOf(instance));
}

function findNamed(world: ExplainWorld, word: string): Explained {
	const lists: {readonly [K in (typeof explainedKinds)[number]]: ReadonlyArray<Objects[K]>} = {
		service: world.services,
		instance: world.instances,
		node: world.nodes,
		pool: world.pools ?? [],
	};
	const [, kind, rest = ''] = /^(\w+)\/(.+)$/.exec(word) ?? [];
	const wanted = explainedKinds.find(one => one === kind);
	if (wanted !== undefined) {
		return findOne<Kind>(wanted, lists[wanted], rest, {exact: false}) as Explained;
	}

	for (const exact of [true, false]) {
		for (const one of explainedKinds) {
			const found = tryFind(one, lists[one], word, exact);
			if (found !== undefined) {
				return found;
			}
		}
	}

	const names = explainedKinds.flatMap(one => lists[one].map(({name}) => name));
	throw noneNamed('service, instance, node or pool', names, word);
}

function tryFind(kind: Kind, items: ReadonlyArray<Objects[Kind]>, word: string, exact: boolean): Explained | undefined {
	try {
		return findOne(kind, items, word, {exact}) as Explained;
	} catch (error) {
		if (error instanceof ClusterError && error.code === 'not-found') {
			return undefined;
		}

		throw error;
	}
}

function everything(troubles: readonly Trouble[]): Answer {
	return {
		about: troubles.length === 0 ? 'Nothing is wrong.' : `${troubles.length} found, the worst first`,
		explanations: troubles.map(trouble => ({question: trouble.title, lines: troubleLines(trouble)})),
	};
}

/** The end of the log of an instance that ended badly; of a service of the newest of these. */
async function lastWords(backend: Backend, world: ExplainWorld, object: Explained): Promise<Explanation[]> {
	const isBad = ({status}: Objects['instance']) => status.state === 'failed' || status.health === 'unhealthy';
	const placeOf = placesOf(world.services);
	const own = world.instances.filter(
		instance =>
			(object.kind === 'service' && instance.serviceId === object.id) ||
			(object.kind === 'instance' && placeOf(instance) === placeOf(object)),
	);
	const [newest] = own.filter(isBad).toSorted((a, b) => b.createdAt - a.createdAt);
	const read = backend.facets.logs;
	if (newest === undefined || read === undefined) {
		return [];
	}

	const query = {instanceIds: [newest.id], follow: false, tail: logLines};
	try {
		const lines = await Array.fromAsync(read.call(backend.facets, query, AbortSignal.timeout(2000)));
		const last = lines.toSorted((a, b) => a.at - b.at).slice(-logLines);
		return last.length === 0
			? []
			: [{question: `The last that ${newest.name} (${newest.id}) said`, lines: last.map(({text}) => ({text}))}];
	} catch {
		// Logs are gone, or cannot be had now: all else is still an answer.
		return [];
	}
}

function commandOf({action}: ExplainedLine): string | undefined {
	const known = action && actions.get(action.id);
	return known && equalCommand(known, action.target.name, action.input);
}

function withCommands({about, explanations}: Answer) {
	return {
		about,
		explanations: explanations.map(({question, lines}) => ({
			question,
			lines: lines.map(line => ({text: line.text, tone: line.tone ?? null, command: commandOf(line) ?? null})),
		})),
	};
}

function textOf({host, shared}: Call, answers: readonly Answer[]): string {
	const paint = paintFor(host, shared.noColor);
	const tones = {bad: 'bad', good: 'good', remedy: undefined} as const;
	const line = (one: ExplainedLine): string[] => {
		const command = commandOf(one);
		const mark = one.tone === 'remedy' ? '→ ' : '';
		return [
			`  ${mark}${paint.tone(one.tone && tones[one.tone], stripControl(one.text))}`,
			...(command === undefined ? [] : [`    ${stripControl(command)}`]),
		];
	};
	return answers
		.map(({about, explanations}) =>
			[
				stripControl(about),
				...explanations.flatMap(({question, lines}) => ['', ` ${stripControl(question)}`, ...lines.flatMap(line)]),
				'',
			].join('\n'),
		)
		.join('\n');
}
