import type {Random} from '../../source/core/model/id.ts';
import {between, pick} from '../../source/orchestrator/simulated/random.ts';

/** A command of a user's; `name` is the service that it is about. */
export type Command = {
	readonly type: 'command';
	readonly args: readonly string[];
	/** What of a service is then declared; absent: nothing of services changes. */
	readonly declares?: {readonly name: string; readonly replicas?: number; readonly isRemoved?: boolean};
	/** What a config or secret then holds. */
	readonly content?: {readonly kind: 'config' | 'secret'; readonly name: string; readonly text: string};
};

/**
 * kill -9 of one of this role, by chance; `node`: of one agent and all that it runs; `control plane`: of daemon, gateway and
 * all agents, so that nobody is left who would start them again. `hang`: SIGSTOP of one agent, for good.
 */
export type Kill = {readonly type: 'kill'; readonly role: string; readonly target: number};

export type Action = {readonly afterMs: number} & (Command | Kill);

/** What the planner knows of services: those that should be there. */
export type Known = {readonly name: string; readonly mode: string; readonly isAutoscaled: boolean};

const nodes = ['n1', 'n2', 'n3'];
const often = ['daemon', 'daemon', 'agent', 'agent', 'shim', 'gateway', 'instance', 'instance'];
const rarely = ['node', 'control plane', 'hang'];
const rarity = 0.08;
const maxServices = 5;

/** One round: some commands, and kills in their midst. `container`: an image that Docker has; undefined: there is none. */
export function planRound(
	random: Random,
	round: number,
	known: readonly Known[],
	container: string | undefined,
): Action[] {
	const commands = Array.from({length: between(random, [1, 3])}, (_, index) =>
		planCommand(random, `r${round}-${index}`, known, container),
	);
	const kills = Array.from({length: between(random, [1, 4])}, (): Kill => {
		return {type: 'kill', role: pick(random, random() < rarity ? rarely : often) ?? 'daemon', target: random()};
	});
	const first = known.length === 0 ? prepare(round) : [];
	const mixed = [...commands, ...kills].map(action => ({action, order: random()})).sort((a, b) => a.order - b.order);
	return [...first, ...mixed.map(({action}) => action)].map((action, index) => ({
		// The reader comes when what it reads is there, and the kills when it is being made.
		afterMs:
			index === first.length - 1 ? preparedMs : index < first.length || random() < 0.4 ? 0 : between(random, [0, 700]),
		...action,
	}));
}

const preparedMs = 1000;

/** What services read, one that does, and nodes that come and go; there from an earlier round: a conflict, which is an answer. */
function prepare(round: number): Command[] {
	return [
		...(['config', 'secret'] as const).map(kind => write(kind, 'create', `made ${round}`)),
		command(['pool', 'create', '--max', '2', '--cpus', '2', '--idle', '5s', '--cooldown', '1s', 'burst']),
		createReader(`r${round}-reader`, 2, 'none'),
	];
}

function write(kind: 'config' | 'secret', verb: 'create' | 'rotate', text: string): Command {
	const name = kind === 'config' ? 'conf' : 'key';
	return {type: 'command', args: [kind, verb, '--literal', text, name], content: {kind, name, text}};
}

function planCommand(random: Random, name: string, known: readonly Known[], container: string | undefined): Command {
	const service = pick(random, known);
	const roll = random();
	if (service === undefined || (roll < 0.35 && known.length < maxServices)) {
		return planCreate(random, name, container);
	}

	if (roll < 0.4) {
		return write(random() < 0.5 ? 'config' : 'secret', 'rotate', name);
	}

	if (roll < 0.45) {
		return command(['pool', 'update', '--min', String(between(random, [0, 2])), 'burst']);
	}

	if (roll < 0.5 && service.mode === 'replicated') {
		const policy = service.isAutoscaled && random() < 0.5 ? ['--off'] : ['--min', '1', '--max', '4', '--cpu', '50%'];
		return command(['service', 'autoscale', ...policy, '--down-window', '2s', '--cooldown', '1s', service.name]);
	}

	if (roll < 0.6 && service.mode === 'replicated' && !service.isAutoscaled) {
		const replicas = between(random, [0, 6]);
		return command(['service', 'scale', `${service.name}=${replicas}`, '-d', '--yes'], {name: service.name, replicas});
	}

	if (roll < 0.7) {
		return planUpdate(random, name, service);
	}

	if (roll < 0.8) {
		return command(['service', 'rm', '-d', '--yes', service.name], {name: service.name, isRemoved: true});
	}

	return planNodeCommand(random);
}

/** An update in one of the ways that there are, or what is done to the last one. */
function planUpdate(random: Random, name: string, {name: service, mode}: Known): Command {
	const roll = random();
	if (roll < 0.3 && mode !== 'job') {
		const verb = pick(random, ['promote', 'abort', 'resume', 'pause']) ?? 'resume';
		return command(['rollout', verb, ...(verb === 'pause' ? [] : ['-d']), service]);
	}

	if (roll < 0.45) {
		return command(['service', 'rollback', '-d', service]);
	}

	const order = pick(random, ['start-first', 'stop-first']) ?? 'stop-first';
	const parallelism = String(between(random, [0, 3]));
	const failure = pick(random, ['pause', 'continue', 'rollback']) ?? 'pause';
	const policy = ['--update-order', order, '--update-parallelism', parallelism, '--update-failure-action', failure];
	const canary = mode === 'job' || random() < 0.7 ? [] : ['--canary', '1'];
	return command(['service', 'update', '-d', '--env', `ROUND=${name}`, ...policy, ...canary, service]);
}

function planNodeCommand(random: Random): Command {
	const node = pick(random, nodes) ?? 'n1';
	const roll = random();
	if (roll < 0.45) {
		return command(['node', 'drain', '-d', '--yes', node]);
	}

	return roll < 0.85 ? command(['node', 'uncordon', node]) : command(['node', 'fail', '--yes', '--for', '1s', node]);
}

/** Each adds its id to a file in a volume that all of them share; `none`: it is given new content while it runs. */
function createReader(name: string, replicas: number, change: 'none' | 'update'): Command {
	const reads = ['--config', `source=conf,on-change=${change}`, '--secret', `source=key,on-change=${change}`];
	const mount = ['--mount', 'source=shared,target=data'];
	const script = 'echo "$MUSTER_INSTANCE" >> data/seen; exec sleep 100000';
	const create = ['service', 'create', '-d', '--name', name, '--replicas', String(replicas)];
	return command([...create, ...reads, ...mount, 'exec:/bin/sh', '-c', script], {name, replicas});
}

function planCreate(random: Random, name: string, container: string | undefined): Command {
	const roll = random();
	const create = ['service', 'create', '-d', '--name', name];
	if (container !== undefined && random() < 0.3) {
		const replicas = between(random, [1, 3]);
		return command([...create, '--replicas', String(replicas), `docker:${container}`, 'sleep', '100000'], {
			name,
			replicas,
		});
	}

	if (roll < 0.25) {
		const replicas = between(random, [1, 6]);
		return command([...create, '--replicas', String(replicas), 'exec:/bin/sleep', '100000'], {name, replicas});
	}

	if (roll < 0.55) {
		const replicas = between(random, [1, 4]);
		return createReader(name, replicas, random() < 0.5 ? 'none' : 'update');
	}

	if (roll < 0.7) {
		const replicas = between(random, [1, 3]);
		return command([...create, '--replicas', String(replicas), '-p', '80', 'nodejs'], {name, replicas});
	}

	if (roll < 0.85) {
		return command([...create, '--mode', 'global', 'exec:/bin/sleep', '100000'], {name});
	}

	const replicas = between(random, [1, 4]);
	return command([...create, '--mode', 'job', '--replicas', String(replicas), 'exec:/bin/sleep', '0.4'], {
		name,
		replicas,
	});
}

function command(args: readonly string[], declares?: Command['declares']): Command {
	return {type: 'command', args, ...(declares === undefined ? {} : {declares})};
}
