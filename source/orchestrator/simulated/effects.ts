import type {Balancer} from '../balancer.ts';
import type {Fleet} from '../fleet.ts';

/** What a daemon did to the world; asked before it happens. */
export type Effect =
	| {readonly type: 'send'; readonly nodeId: string; readonly commands: Parameters<Fleet['send']>[1]}
	| {readonly type: 'keep running' | 'fence' | 'release'; readonly nodeId: string}
	| {readonly type: 'publish'; readonly table: Parameters<Balancer['publish']>[0]};

/** Runs the effect, or leaves it out. */
export type EffectGate = (effect: Effect, run: () => void) => void;

/** Leads every effect through the gate. */
export function gatedFleet(fleet: Fleet, gate: EffectGate): Fleet {
	return {
		send(nodeId, commands) {
			gate({type: 'send', nodeId, commands}, () => fleet.send(nodeId, commands));
		},
		keepRunning(node) {
			gate({type: 'keep running', nodeId: node.id}, () => fleet.keepRunning(node));
		},
		fence(node) {
			gate({type: 'fence', nodeId: node.id}, () => fleet.fence(node));
		},
		release(node) {
			gate({type: 'release', nodeId: node.id}, () => fleet.release(node));
		},
	};
}

export function gatedBalancer(balancer: Balancer, gate: EffectGate): Balancer {
	return {
		publish(table) {
			gate({type: 'publish', table}, () => balancer.publish(table));
		},
	};
}
