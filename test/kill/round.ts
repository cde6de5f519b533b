import {connect} from 'node:net';
import {signalProcess} from '../../source/backends/local/system/process-identity.ts';
import {unconverged} from '../../source/core/invariants/converged.ts';
import {type LiveProcess, strayProcesses} from '../../source/core/invariants/processes.ts';
import {noResources} from '../../source/core/model/resources.ts';
import type {Action, Kill} from './actions.ts';
import type {DeclaredServices} from './declared.ts';
import {type Double, notHandedOver} from './doubles.ts';
import type {Engine, EngineState} from './engine.ts';
import {FloorWatch} from './floor.ts';
import type {KeptFiles} from './kept.ts';
import {type FoundProcess, findDoubles} from './processes.ts';

/** A node that is fenced and taken back, a back-off of some restarts, and a busy machine. */
const patienceMs = 90_000;
const lookEveryMs = 200;
const connectTimeoutMs = 2000;

export type RoundResult = {readonly problems: readonly string[]; readonly state: EngineState | undefined};

/** Does the actions, waits until all has come to rest, and says what is then not as it was declared. */
export async function playRound(
	engine: Engine,
	declared: DeclaredServices,
	kept: KeptFiles,
	actions: readonly Action[],
	note: (text: string) => void,
): Promise<RoundResult> {
	const problems: string[] = [];
	const doubles = new Map<string, Double>();
	let isOver = false;
	const watching = watch(() => isOver, engine, doubles);
	const floors = new FloorWatch(() => engine.open({autoStart: false}));
	const running = actions.map(async (action, index) => {
		await sleep(actions.slice(0, index + 1).reduce((sum, {afterMs}) => sum + afterMs, 0));
		if (action.type === 'kill') {
			note(kill(engine, action));
		} else {
			const flight = declared.asked(action);
			const content = kept.asked(action);
			const answer = await engine.run(...action.args);
			note(`muster ${action.args.join(' ')}: ${answer.code} ${answer.code === 0 ? '' : answer.text.trim()}`);
			problems.push(...declared.answered(action, answer, flight));
			kept.answered(action, answer, content);
		}
	});
	await Promise.all(running);
	const {left, state} = await rest(engine, declared, kept);
	isOver = true;
	await watching;
	problems.push(...left, ...(await floors.end()), ...notHandedOver([...doubles.values()], state?.instances ?? []));
	return {problems, state};
}

/** Looks for slots that run twice as long as the round goes. */
async function watch(isOver: () => boolean, engine: Engine, doubles: Map<string, Double>): Promise<void> {
	while (!isOver()) {
		for (const processes of findDoubles(engine.processes())) {
			const key = processes.map(({instance}) => instance?.id).join(' ');
			if (!doubles.has(key)) {
				// Now, since a service that is removed later takes what is known of its instances with it.
				const state = await engine.state().catch(() => undefined);
				doubles.set(key, {processes, instances: state?.instances ?? []});
			}
		}

		await sleep(lookEveryMs);
	}
}

function kill(engine: Engine, {role, target}: Kill): string {
	const processes = engine.processes();
	const ofRole = (wanted: string) =>
		processes.filter(found => found.role === wanted || found.role.startsWith(`${wanted} `));
	const one = (found: readonly FoundProcess[]) => found.slice(Math.floor(target * found.length)).slice(0, 1);
	const victims = victimsOf(role, ofRole, one, processes);
	for (const victim of victims) {
		signalProcess(victim, role === 'hang' ? 'SIGSTOP' : 'SIGKILL');
	}

	const names = victims.map(({pid, role: itsRole, instance}) => `${itsRole} ${instance?.name ?? ''} (${pid})`);
	return `kill ${role}: ${names.join(', ') || 'there is none'}`;
}

function victimsOf(
	role: string,
	ofRole: (role: string) => FoundProcess[],
	one: (found: readonly FoundProcess[]) => FoundProcess[],
	processes: readonly FoundProcess[],
): FoundProcess[] {
	switch (role) {
		case 'control plane':
			return ['daemon', 'gateway', 'agent'].flatMap(ofRole);
		case 'hang':
			return one(ofRole('agent'));
		case 'node': {
			const agents = one(ofRole('agent'));
			const names = new Set(agents.map(agent => agent.role.replace('agent ', '')));
			return [...agents, ...processes.filter(({instance}) => instance !== undefined && names.has(instance.node))];
		}
		default:
			return one(ofRole(role));
	}
}

async function rest(
	engine: Engine,
	declared: DeclaredServices,
	kept: KeptFiles,
): Promise<{left: string[]; state: EngineState | undefined}> {
	const deadline = performance.now() + patienceMs;
	let left = ['never looked'];
	let state: EngineState | undefined;
	while (left.length > 0 && performance.now() < deadline) {
		await sleep(lookEveryMs);
		try {
			state = await engine.state();
			left = await look(engine, declared, kept, state);
		} catch (error) {
			left = [`the API does not answer: ${(error as Error).message}`];
		}
	}

	return {left, state};
}

async function look(
	engine: Engine,
	declared: DeclaredServices,
	kept: KeptFiles,
	state: EngineState,
): Promise<string[]> {
	const processes = engine.processes();
	const inStore = [
		...declared.problems(state.services),
		...unconverged({...state, now: Date.now(), reserveOf: () => noResources}, () => false),
		...strayProcesses(liveProcesses(processes, state), state.instances),
		...missingRoles(processes, state),
		...kept.problems(processes, state),
	];
	return inStore.length > 0 ? inStore : deafPorts(state);
}

/** One for each instance, however many processes it has. */
function liveProcesses(processes: readonly FoundProcess[], {nodes, services}: EngineState): LiveProcess[] {
	const nodeByName = new Map(nodes.map(node => [node.name, node]));
	const serviceByName = new Map(services.map(service => [service.name, service.id]));
	const byInstance = new Map(processes.flatMap(({instance}) => (instance ? [[instance.id, instance] as const] : [])));
	return [...byInstance.values()].map(({id, name, service, slot, node}) => ({
		instanceId: id,
		instanceName: name,
		serviceId: serviceByName.get(service) ?? service,
		slot,
		nodeId: nodeByName.get(node)?.id ?? node,
		nodeGeneration: nodeByName.get(node)?.generation ?? 0,
	}));
}

function missingRoles(processes: readonly FoundProcess[], {nodes}: EngineState): string[] {
	const roles = ['daemon', 'gateway', ...nodes.map(({name}) => `agent ${name}`)];
	return roles.flatMap(role => {
		const count = processes.filter(process => process.role === role).length;
		return count === 1 ? [] : [`there are ${count} processes of ${role}`];
	});
}

/** Published ports of services that run behind which nobody answers. */
async function deafPorts({services}: EngineState): Promise<string[]> {
	const ports = services
		.filter(({status}) => status.healthy > 0)
		.flatMap(({name, status}) => status.ports.map(({published}) => ({name, published})));
	const answered = await Promise.all(ports.map(({published}) => answersHttp(published)));
	return ports
		.filter((_, index) => !answered[index])
		.map(({name, published}) => `port ${published} of ${name} does not answer`);
}

function answersHttp(port: number): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
		let text = '';
		socket.setEncoding('utf8').setTimeout(connectTimeoutMs, () => socket.destroy());
		socket.on('data', part => {
			text += part;
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve(/^HTTP\/1\.\d 200 /.test(text)));
	});
}

function sleep(milliseconds: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, milliseconds));
}
