/** The states of an instance in their order: a move never goes to an earlier one. */
export const instanceStates = [
	'pending',
	'assigned',
	'preparing',
	'ready',
	'starting',
	'running',
	'unknown',
	'completed',
	'stopped',
	'failed',
	'rejected',
	'lost',
] as const;

export type InstanceState = (typeof instanceStates)[number];

/** Who makes a move: each has exactly one writer. */
export type StateOwner = 'controller' | 'scheduler' | 'agent' | 'node controller' | 'engine';

export type Tone = 'waiting' | 'busy' | 'good' | 'done' | 'bad';

type StateRow = {
	readonly to: readonly InstanceState[];
	readonly owner: StateOwner;
	readonly tone: Tone;
	readonly meaning: string;
};

/** From each state: where it may go, who brings an instance into it, what it means. Docs, colours and tests read this. */
export const stateTable: Readonly<Record<InstanceState, StateRow>> = {
	pending: {
		to: ['assigned', 'stopped', 'rejected'],
		owner: 'controller',
		tone: 'waiting',
		meaning: 'Waits for a node with room; the reason says what is missing.',
	},
	assigned: {
		to: ['preparing', 'stopped', 'failed', 'rejected', 'lost'],
		owner: 'scheduler',
		tone: 'busy',
		meaning: 'Has a node, whose agent has not taken it up yet.',
	},
	preparing: {
		to: ['ready', 'starting', 'stopped', 'failed', 'rejected', 'lost'],
		owner: 'agent',
		tone: 'busy',
		meaning: 'Its folder, ports and files are made.',
	},
	ready: {
		to: ['starting', 'stopped', 'failed', 'rejected', 'lost'],
		owner: 'agent',
		tone: 'busy',
		meaning: 'Could start at once.',
	},
	starting: {
		to: ['running', 'completed', 'stopped', 'failed', 'rejected', 'lost'],
		owner: 'agent',
		tone: 'busy',
		meaning: 'Its process is being started.',
	},
	running: {
		to: ['completed', 'stopped', 'failed', 'lost'],
		owner: 'agent',
		tone: 'good',
		meaning: 'Its process runs; health tells more.',
	},
	unknown: {
		to: ['completed', 'stopped', 'failed', 'lost'],
		owner: 'engine',
		tone: 'bad',
		meaning: 'On a node that is silent (Kubernetes): it may still run there.',
	},
	completed: {to: [], owner: 'agent', tone: 'done', meaning: 'Ended by itself with exit code 0.'},
	stopped: {to: [], owner: 'agent', tone: 'done', meaning: 'Ended because it was told to, or never started.'},
	failed: {to: [], owner: 'agent', tone: 'bad', meaning: 'Ended with another exit code, by a signal or by its limit.'},
	rejected: {to: [], owner: 'agent', tone: 'bad', meaning: 'Could not be started at all.'},
	lost: {to: [], owner: 'node controller', tone: 'bad', meaning: 'Its node went down; it was fenced there.'},
};

const order = new Map(instanceStates.map((state, index) => [state, index]));

export function canMove(from: InstanceState, to: InstanceState): boolean {
	return stateTable[from].to.includes(to);
}

/** True when `to` lies at or behind `from`, so that a report that arrives twice or late is dropped. */
export function isForward(from: InstanceState, to: InstanceState): boolean {
	return from === to || reachable(from, to);
}

function reachable(from: InstanceState, to: InstanceState): boolean {
	return stateTable[from].to.some(next => next === to || ((order.get(next) ?? 0) < 6 && reachable(next, to)));
}

/** Has ended and never comes back. */
export function isFinal(state: InstanceState): boolean {
	return stateTable[state].to.length === 0;
}

/** Holds room on a node: from assigned until it has ended. */
export function holdsRoom(state: InstanceState): boolean {
	return state !== 'pending' && !isFinal(state);
}
