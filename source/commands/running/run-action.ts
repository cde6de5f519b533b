import type {Action, Input, Progress, World} from '../../actions/action.ts';
import {execute, type Outcome, type Plan, planAction} from '../../actions/execute.ts';
import {duration, toggle} from '../../actions/fields/fields.ts';
import type {Backend} from '../../core/backend.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import type {Kind, Objects} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Call} from '../verb.ts';
import {confirm} from './confirm.ts';
import {printDryRun} from './dry-run.ts';
import type {Errand} from './errand.ts';
import {createProgressLines} from './progress-lines.ts';
import {type Awaited, waitUntil} from './wait-until.ts';

/** The flags of every action whose result takes its time. */
export const waitFields = {
	detach: toggle('Do not wait for the result', {short: 'd'}),
	timeout: duration('Give up waiting after this time (exit 7); the change stays'),
	quiet: toggle('Show no progress', {short: 'q'}),
};

/**
 * Carries out what a command line asks for: everything is planned first, so that what cannot be done is said before anything
 * is asked or changed; then the questions, the changes one after the other, and the waiting for all of them.
 */
export async function runErrands(
	call: Call,
	world: World,
	errands: readonly Errand[],
	/** `namesDone` false: the verb says by itself what was done; `done` is told of it before anything is waited for. */
	{namesDone = true, done: tell}: {readonly namesDone?: boolean; done?(plan: Plan): void} = {},
): Promise<number> {
	const {host, shared} = call;
	const backend = await call.backend();
	const plans = errands.map(errand => planAction(backend, {...errand, world}));
	if (call.planned !== undefined) {
		await call.planned(plans, errands, world);
		return 0;
	}

	if (shared.dryRun) {
		await printDryRun(call, plans);
		return 0;
	}

	const policy = await host.config?.policy(backend.name);
	if (shared.readOnly || policy?.readOnly) {
		const why = shared.readOnly
			? 'with --read-only'
			: `in ${backend.name}: its policy in ${host.config?.file} is readOnly`;
		throw new ClusterError('not-allowed', `nothing is changed ${why}`);
	}

	await confirmAll(
		call,
		plans,
		errands.filter(({action}) => policy?.typedFor.has(action.id)),
	);
	const done: Done[] = [];
	for (const [index, errand] of errands.entries()) {
		const executor = {
			backend,
			journal: host.journal,
			who: host.user,
			now: host.now,
			random: host.random,
			readOnly: false,
		};
		const outcome = await execute(executor, {...errand, world, confirmed: true});
		done.push({errand, outcome});
		for (const note of outcome.notes) host.stderr.write(`${stripControl(note)}\n`);
		for (const warning of outcome.warnings) host.stderr.write(`warning: ${stripControl(warning)}\n`);
		const plan = plans[index] as Plan;
		if (namesDone) printDone(call, plan, errand, outcome);
		tell?.(plan);
	}

	return wait(call, backend, done);
}

type Done = {readonly errand: Errand; readonly outcome: Outcome};

/** Where the policy wants it, the name is typed instead of `y`. */
async function confirmAll({host, shared}: Call, plans: readonly Plan[], typed: readonly Errand[]): Promise<void> {
	const questions = plans.flatMap(({question}) => (question === undefined ? [] : [question]));
	const [first] = typed;
	if (shared.yes || (questions.length === 0 && first === undefined)) {
		return;
	}

	const wanted = typed.length === 1 ? (first?.target?.name ?? first?.action.on) : String(typed.length);
	await confirm(host, questions, first === undefined ? undefined : wanted);
}

/** What other programs go on with: of what was created its id (where it has one so far), else the name. */
function printDone({host}: Call, {steps}: Plan, {target}: Errand, {object}: Outcome): void {
	const [first] = steps;
	const created = first?.type === 'apply' && first.create ? object?.id : undefined;
	const text = target?.name ?? created ?? first?.ref.name;
	if (text !== undefined) {
		host.stdout.write(`${stripControl(text)}\n`);
	}
}

/** Whether there may be something to wait for when it was done. */
export function isWaitedFor({progress, isGoneLater}: Action): boolean {
	return progress !== undefined || isGoneLater === true;
}

async function wait(call: Call, backend: Backend, done: readonly Done[]): Promise<number> {
	const {detach} = call.flags as Input<typeof waitFields>;
	if (detach) return 0;
	const removed = done.flatMap(({errand: {action, target}}) => (action.isGoneLater && target ? [target] : []));
	if (removed.length > 0) return waitGone(call, backend, removed);
	const awaited = done.flatMap(toAwaited);
	return awaited.length === 0 ? 0 : waitReached(call, backend, done, awaited);
}

async function waitGone(call: Call, backend: Backend, removed: ReadonlyArray<Objects[Kind]>): Promise<number> {
	const {untilGone} = await import('./until-gone.ts');
	const {timeout: timeoutMs} = call.flags as Input<typeof waitFields>;
	return waiting(call, async show => untilGone(backend, removed, {host: call.host, timeoutMs, show}));
}

async function waitReached(
	call: Call,
	backend: Backend,
	done: readonly Done[],
	awaited: readonly Awaited[],
): Promise<number> {
	const {host} = call;
	const {timeout} = call.flags as Input<typeof waitFields>;
	const targets = done.map(({errand: {action, target}, outcome}) =>
		action.on === 'service' && !action.isOfMany ? (target ?? outcome.object) : undefined,
	);
	const serviceId = targets.length === 1 ? targets[0]?.id : undefined;
	return waiting(call, async show => {
		const {progress, interrupted} = await waitUntil(awaited, {backend, host, serviceId, timeoutMs: timeout, show});
		return {messages: [...progress.values()].map(({message}) => message), interrupted};
	});
}

type Waited = {readonly messages: readonly string[]; readonly interrupted: boolean};

async function waiting(
	{host, flags}: Call,
	wait: (show: (states: ReadonlyMap<string, Progress>) => void) => Promise<Waited>,
): Promise<number> {
	const {quiet = false} = flags as Input<typeof waitFields>;
	const lines = createProgressLines(host.stderr, quiet);
	try {
		const {messages, interrupted} = await wait(lines.show);
		lines.clear();
		const text = messages
			.map(message =>
				message === ''
					? ''
					: `${stripControl(message)}
`,
			)
			.join('');
		if (interrupted) {
			host.stderr.write(`${text}The change stays, and goes on without this command.\n`);
			return 130;
		}

		host.stderr.write(quiet ? '' : text);
		return 0;
	} catch (thrown) {
		throw afterChange(thrown);
	} finally {
		lines.clear();
	}
}

/** Who reads only that nothing could be reached would make the change once more. */
export function afterChange(thrown: unknown): unknown {
	const {code, message, hint} = toClusterError(thrown);
	return code === 'unreachable'
		? new ClusterError(code, `the change was made; how far it has come is not known: ${message}`, {hint, cause: thrown})
		: thrown;
}

function toAwaited({errand: {action, target, input}, outcome}: Done): Awaited[] {
	const object = target ?? outcome.object;
	const {progress} = action;
	if (progress === undefined || (object === undefined && !action.isOfMany)) return [];
	const name = object?.name ?? action.title;
	return [{name, progress: world => progress.call(action, world, object as Objects[Kind], input)}];
}
