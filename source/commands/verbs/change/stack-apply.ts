import type {Step, World} from '../../../actions/action.ts';
import {applyStack, leftOver, stackFields} from '../../../actions/compose/apply/apply-stack.ts';
import type {Project} from '../../../actions/compose/project/project.ts';
import {type Plan, planAction} from '../../../actions/execute.ts';
import {removeStack} from '../../../actions/stored/remove-stack.ts';
import type {Backend} from '../../../core/backend.ts';
import {differenceLines} from '../../../core/difference/difference-lines.ts';
import {mergePatch} from '../../../core/difference/merge-patch.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Kind} from '../../../core/model/index.ts';
import {serviceSpec} from '../../../core/spec/service-spec.ts';
import {stripControl} from '../../../core/text/text.ts';
import {type ProjectFlags, projectOf, stackNameOf} from '../../compose/project-of.ts';
import {type ComposeFiles, readCompose} from '../../compose/read-compose.ts';
import {type Ways, waysOf} from '../../compose/ways.ts';
import type {Errand} from '../../running/errand.ts';
import {runErrands, waitFields} from '../../running/run-action.ts';
import {readWorldWith} from '../../running/world.ts';
import {type Call, defineVerb} from '../../verb.ts';

type Flags = ProjectFlags & {readonly prune?: boolean};

type Asked = {readonly backend: Backend; readonly world: World; readonly project: Project; readonly errand: Errand};

/** What the file asks for, and what was left out of it said. */
async function read(call: Pick<Call, 'host' | 'backend'>, files: ComposeFiles, flags: Flags): Promise<Asked> {
	const {host} = call;
	const backend = await call.backend();
	const ways = waysOf(backend);
	const world = await readWorldWith(backend, host.now(), kindsOf(ways, files));
	const project = await projectOf(host, backend, world, files, flags);
	for (const note of project.notes) host.stderr.write(`left out: ${stripControl(note)}\n`);
	const action = applyStack(project, ways);
	refuseLacking(backend, world, project);
	for (const {name} of keptSecrets(world, project)) {
		host.stderr.write(`left as it is: secret ${name}; \`muster secret rotate ${name} FILE\` gives it new content\n`);
	}

	const input = {...flags, file: files.names, name: project.name};
	return {backend, world, project, errand: {action, target: undefined, input: input as never}};
}

/** Only what the file is about there: who may not see secrets needs none for what has none. */
function kindsOf({hasNetworks, makesVolumes}: Ways, {loaded}: ComposeFiles): readonly Kind[] {
	const {configs, secrets} = loaded.document as {readonly configs?: unknown; readonly secrets?: unknown};
	return [
		...(hasNetworks ? (['network'] as const) : []),
		...(makesVolumes ? (['volume'] as const) : []),
		...(configs ? (['config'] as const) : []),
		...(secrets ? (['secret'] as const) : []),
	];
}

/** Nobody is shown what a secret holds: whether the file holds something else cannot be told. */
function keptSecrets({secrets = []}: World, project: Project) {
	return project.secrets.filter(({name, isExternal}) => !isExternal && secrets.some(secret => secret.name === name));
}

/** An option that the engine never has is named as the file has it. */
function refuseLacking({facets}: Backend, {services}: World, {services: parts}: Project): void {
	const refusals = parts.flatMap(({key, name, patch}) => {
		try {
			facets.refuseSpec?.(serviceSpec(patch), services.find(one => one.name === name)?.spec);
			return [];
		} catch (thrown) {
			return [asInTheFile(toClusterError(thrown), key)];
		}
	});
	const [first] = refusals;
	if (first === undefined) return;
	const message = refusals.map(refusal => refusal.message).join('\n');
	throw new ClusterError(first.code, message, {hint: first.hint, cause: first});
}

function asInTheFile(cause: ClusterError, key: string): ClusterError {
	const {code, message, hint} = cause;
	const lines = message.split('\n').map(line => {
		const [, flags = '', why = line] = /^(--[\w-]+(?:, --[\w-]+)*)(?: \S+)?: (.*)$/s.exec(line) ?? [];
		const paths = flags.split(', ').map(flag => memberOf(flag.slice(2)));
		return `services.${key}${flags === '' ? '' : `.${paths.join(', ')}`}: ${why}`;
	});
	return new ClusterError(code, lines.join('\n'), {hint, cause});
}

function memberOf(flag: string): string {
	const [, policy, member = ''] = /^(restart|update)-(.*)$/.exec(flag) ?? [];
	if (policy === undefined) return members[flag] ?? flag.replaceAll('-', '_');
	return `deploy.${policy === 'restart' ? 'restart_policy' : 'update_config'}.${member.replaceAll('-', '_')}`;
}

/** What Compose calls in another way than docker's flags. */
const members: Readonly<Record<string, string>> = {
	'container-label': 'labels',
	'dns-option': 'dns_opt',
	'endpoint-mode': 'deploy.endpoint_mode',
	'generic-resource': 'deploy.resources.reservations.generic_resources',
	'health-start-interval': 'healthcheck.start_interval',
	'limit-pids': 'deploy.resources.limits.pids',
	'log-driver': 'logging.driver',
	'log-opt': 'logging.options',
	'memory-swappiness': 'mem_swappiness',
	'no-healthcheck': 'healthcheck.disable',
	'read-only-root': 'read_only',
	group: 'group_add',
	host: 'extra_hosts',
	publish: 'ports',
	sysctl: 'sysctls',
	ulimit: 'ulimits',
};

/** Carries the file out, and waits until all of its services run. */
export async function applyCompose(call: Call, files: ComposeFiles, flags: Flags): Promise<number> {
	const {host, shared} = call;
	const {world, project, errand} = await read(call, files, flags);
	const lines = ({steps}: Plan) => {
		for (const step of steps)
			host.stderr.write(`${stripControl(`${step.ref.kind} ${step.ref.name} ${outcomeOf(step)}`)}\n`);
		if (steps.length === 0) host.stderr.write('All of it is as the file asks for.\n');
	};
	const code = await runErrands(call, world, [errand], {namesDone: false, done: lines});
	const gone = leftOver(world, project).flatMap(({name, removing}) =>
		flags.prune || removing ? [] : [stripControl(name)],
	);
	if (gone.length > 0) host.stderr.write(`no longer in the file, and left: ${gone.join(', ')}; --prune removes them\n`);
	if (!shared.dryRun) host.stdout.write(`${project.name}\n`);
	return code;
}

function outcomeOf(step: Step): string {
	return step.type === 'remove' ? 'removed' : step.type === 'apply' && step.create ? 'created' : 'changed';
}

/** What applying it would change. Answers with 10 where that is anything. */
export async function diffCompose(call: Call, files: ComposeFiles, flags: Flags): Promise<number> {
	const {backend, world, errand} = await read(call, files, flags);
	const {steps} = planAction(backend, {...errand, world});
	for (const step of steps) {
		call.host.stdout.write(`${stripControl(`${step.ref.kind} ${step.ref.name}`)} would be ${outcomeOf(step)}\n`);
		for (const line of differenceLines(...beforeAndAfter(world, step))) call.host.stdout.write(`  ${line}\n`);
	}

	return steps.length > 0 ? 10 : 0;
}

/** Of secrets nobody is shown what they hold. */
function beforeAndAfter(world: World, step: Step): [unknown, unknown] {
	if (step.type !== 'apply' || step.ref.kind === 'secret') return [undefined, undefined];
	const {kind, name} = step.ref;
	const all = {service: world.services, config: world.configs ?? []}[kind as 'service'] ?? [];
	const before = step.create ? undefined : all.find(one => one.name === name)?.spec;
	return before === undefined ? [undefined, step.patch] : [before, mergePatch<object>(before, step.patch as object)];
}

/** Removes the stack that the files are of, whatever they say of it now. */
export async function removeCompose(call: Call, files: ComposeFiles): Promise<number> {
	const {host, shared} = call;
	const name = stackNameOf(files, {});
	const world = await readWorldWith(await call.backend(), host.now(), ['network', 'config', 'secret']);
	const errand: Errand = {action: removeStack as never, target: undefined, input: {name} as never};
	await runErrands(call, world, [errand], {namesDone: false});
	if (!shared.dryRun) host.stdout.write(`${name}\n`);
	return 0;
}

const {file, profile, prune} = stackFields;

export const applyStackVerb = defineVerb({
	writes: true,
	operands: [{name: 'STACK', optional: true}],
	fields: {file, profile, prune, ...waitFields},
	details:
		'Makes of a cluster what a Compose file asks for, with its `deploy`: networks, volumes, configs, secrets and services. What is there already is changed where the file says something else, and else left. What cannot be expressed is named: refused, or left out where all runs the same without it.\nWithout -f it takes compose.yaml of this folder, with compose.override.yaml where there is one.',
	examples: [
		'muster stack apply',
		'muster stack apply -f compose.yaml -f live.yaml shop',
		'muster stack apply --profile debug --dry-run',
	],
	async run(call) {
		const {flags, operands, host} = call;
		return applyCompose(call as never, await readCompose(host, flags.file), {...flags, ...named(operands)});
	},
});

export const diffStackVerb = defineVerb({
	operands: [{name: 'STACK', optional: true}],
	fields: {file, profile, prune},
	details: 'Ends with 10 where `muster stack apply` would change something. Nothing is changed.',
	async run(call) {
		const {flags, operands, host} = call;
		return diffCompose(call as never, await readCompose(host, flags.file), {...flags, ...named(operands)});
	},
});

function named([name]: readonly string[]): {name?: string} {
	return name === undefined ? {} : {name};
}
