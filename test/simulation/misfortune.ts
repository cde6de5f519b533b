import type {SimulatedNode} from '../../source/orchestrator/simulated/node.ts';
import {between} from '../../source/orchestrator/simulated/random.ts';
import type {Misfortune} from './operations.ts';
import type {Simulation} from './simulation.ts';
import {targetOf} from './target.ts';

type Misfortunes = {
	[T in Misfortune['type']]: (simulation: Simulation, misfortune: Extract<Misfortune, {type: T}>) => void;
};

const misfortunes: Misfortunes = {
	'kill daemon'(simulation) {
		simulation.daemonDies();
	},
	'crash daemon'({crashes}, plan) {
		crashes.plan(plan);
	},
	'stall daemon'(simulation, {forMs}) {
		simulation.disturbed(simulation.clock.monotonicMs() + forMs);
		simulation.cluster.stallDaemon(forMs);
	},
	'kill agent'(simulation, {target}) {
		nodeAt(simulation, target)?.agentExits();
	},
	'break connection'(simulation, {target}) {
		nodeAt(simulation, target)?.agent?.loseConnection();
	},
	'late agent'(simulation, {target}) {
		const node = nodeAt(simulation, target);
		if (node !== undefined) {
			const isDown = simulation.isServing && simulation.cluster.store.get('node', node.id)?.status.state === 'down';
			simulation.cluster.machine.startLateAgent(node, isDown ? node.generation : node.generation - 1);
		}
	},
	'hang agent'(simulation, {target, forMs}) {
		nodeAt(simulation, target)?.hangAgent(forMs);
	},
	'cut power'(simulation, {target, forMs}) {
		nodeAt(simulation, target)?.losePower(forMs);
	},
	'kill instance'({cluster}, {target, withSupervisor}) {
		const process = targetOf(cluster.machine.processes(), target);
		withSupervisor ? process?.loseSupervisor() : process?.kill();
	},
	'kill gateway'({cluster}, {forMs}) {
		cluster.gateway.die(forMs);
	},
	'fill disk'(simulation, {forMs}) {
		const {crashes, clock} = simulation;
		// It looks again a second after the last failure.
		simulation.disturbed(clock.monotonicMs() + forMs + 1000);
		crashes.isDiskFull = true;
		clock.after(forMs, () => {
			crashes.isDiskFull = false;
		});
	},
	reboot(simulation) {
		const {cluster, crashes, random} = simulation;
		simulation.daemonDies();
		crashes.disk.losePower();
		cluster.gateway.die(between(random, [0, 2000]));
		for (const node of cluster.machine.nodes) {
			node.losePower(between(random, [0, 1000]));
		}
	},
	'set wall clock'({clock}, {byMs}) {
		clock.setWallClock(clock.now() + byMs);
	},
};

/** Something goes wrong, wherever there is something that can. */
export function suffer<T extends Misfortune['type']>(
	simulation: Simulation,
	type: T,
	misfortune: Extract<Misfortune, {type: T}>,
): void {
	misfortunes[type](simulation, misfortune);
}

function nodeAt({cluster}: Simulation, target: number): SimulatedNode | undefined {
	return targetOf(cluster.machine.nodes, target);
}
