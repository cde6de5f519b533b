import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {type Home, nodePaths} from '../home.ts';
import {createLogKeeper} from '../logs/log-keeper.ts';
import {ownProgram, startDaemon} from '../start-daemon.ts';
import {bootId} from '../system/process-identity.ts';
import {Agent} from './agent.ts';
import {createAuthority} from './authority.ts';
import {type Claim, claimNode} from './claim.ts';
import type {AgentContext} from './context.ts';
import {DaemonLink} from './daemon-link.ts';
import {findInstances} from './instance/adoption.ts';
import {createPorts} from './launch/ports.ts';
import {createSpareFolders} from './launch/spare-folders.ts';
import {createStartGate} from './launch/start-gate.ts';
import {serveSessions} from './sessions/session-server.ts';
import {createAdoptedWatch} from './watch/adopted-watch.ts';
import {type Cgroups, findCgroups} from './watch/cgroup.ts';
import {createSweeper} from './watch/sweeper.ts';
import {beat, guardMemory, watchUsage} from './watch/watchers.ts';

export type AgentRunOptions = {
	readonly home: Home;
	readonly nodeName: string;
	readonly nodeId: string;
	/** Of the node, as the daemon that starts this agent knows it. */
	readonly generation: number;
	/** Default: those of the machine; null: limits are held by sampling. */
	readonly cgroups?: Cgroups | null;
};

/** The node belongs to somebody else: a later generation, or another agent. */
const staleExit = 4;

/**
 * `muster agent NAME`: runs the instances of one node until it is told to end, or the node is no longer its own. Its
 * instances go on in any case. It ends the whole process by itself, so that nothing which waits can act any more.
 */
export async function runAgent(options: AgentRunOptions): Promise<never> {
	const {home, nodeName, generation} = options;
	const log = (message: string) => process.stderr.write(`${new Date().toISOString()} ${message}\n`);
	// Whoever reads it may go.
	process.stderr.on('error', () => {});
	const end = (code: number, why: string): never => {
		log(`ends: ${why}`);
		process.exit(code);
	};

	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
		process.once(signal, () => end(0, signal));
	}

	let claim: Claim;
	try {
		claim = claimNode(nodePaths(home, nodeName), generation);
	} catch (error) {
		return end(staleExit, (error as Error).message);
	}

	log(`generation ${generation} begins, process ${process.pid}, boot ${bootId()}`);
	const stale = (why: string) => end(staleExit, why);
	await serve(options, claim, log, stale);
	return new Promise(() => {});
}

/** `stale`: ends this process without touching anything. */
async function serve(
	options: AgentRunOptions,
	claim: Claim,
	log: (message: string) => void,
	stale: (why: string) => never,
): Promise<void> {
	const {home, nodeName, nodeId, generation} = options;
	const {folder, instances, agentSocket} = nodePaths(home, nodeName);
	mkdirSync(instances, {recursive: true, mode: 0o700});
	const authority = createAuthority(
		() => performance.now(),
		lateMs => {
			log(`was held up for ${Math.round(lateMs)} ms: asks for a new welcome`);
			link.renew();
		},
	);
	const context: AgentContext = {
		home,
		nodeName,
		generation,
		inherited: process.env,
		program: ownProgram(),
		spareFolders: createSpareFolders(path.join(folder, 'spare'), () => authority.mayAct()),
		ports: createPorts(`${home.root}/${nodeName}`),
		cgroups: (options.cgroups === undefined ? findCgroups(home.root) : options.cgroups) ?? undefined,
		sweeper: createSweeper(home.root, () => authority.mayAct()),
		adopted: createAdoptedWatch(),
		startTurn: createStartGate(),
		mayAct: () => authority.mayAct(),
		log,
	};
	const logs = createLogKeeper({mayAct: context.mayAct, report: log});
	const agent = new Agent({context, logs, send: message => link.send(message)});
	const {found, visitors} = await findInstances(context);
	agent.takeUp(found, visitors);
	await serveSessions({
		socketPath: agentSocket,
		instance: id => agent.instance(id),
		mayAct: context.mayAct,
		log,
	});
	const link = new DaemonLink({
		home,
		log,
		startDaemon: () => startDaemon(home, {byUser: false}),
		hello: () => ({type: 'hello', nodeId, generation, pid: process.pid, reports: agent.reports}),
		welcomed() {
			authority.grant();
			link.send({type: 'serving', socketPath: agentSocket});
			agent.resume();
		},
		refused: stale,
		message: message => agent.take(message),
	});
	beat(() => {
		if (!claim.holds()) {
			stale('the node has another agent, or was fenced');
		}

		authority.tick();
		link.send({type: 'heartbeat'});
	});
	guardMemory(agent, context);
	watchUsage(agent, context, message => link.send(message));
}
