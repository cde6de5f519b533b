import {shimName} from '../../source/backends/local/agent/shim.ts';
import {
	identify,
	isRunning,
	listPids,
	type ProcessIdentity,
	readCommandLine,
	readEnvironment,
} from '../../source/backends/local/system/process-identity.ts';

/** A process of one home, by what it inherited. */
export type FoundProcess = ProcessIdentity & {
	/** `daemon`, `agent n1`, `gateway`; `shim` and `instance` belong to an instance; `other`: a command, or not yet one of these. */
	readonly role: string;
	readonly instance?: {
		readonly id: string;
		readonly name: string;
		readonly service: string;
		readonly slot: number;
		readonly node: string;
	};
};

/** Every process of a home that lives. */
export function findProcesses(home: string): FoundProcess[] {
	return listPids().flatMap(pid => {
		const environment = readEnvironment(pid);
		const identity = environment?.MUSTER_HOME === home && pid !== process.pid ? identify(pid) : undefined;
		return environment === undefined || identity === undefined ? [] : [describe(identity, environment)];
	});
}

function describe(identity: ProcessIdentity, environment: Readonly<Record<string, string>>): FoundProcess {
	const words = readCommandLine(identity.pid);
	const {MUSTER_INSTANCE: id, MUSTER_INSTANCE_NAME: name = '', MUSTER_SERVICE: service = ''} = environment;
	if (id === undefined) {
		return {...identity, role: /\bmuster (daemon|gateway|agent \S+)$/.exec(words.slice(-3).join(' '))?.[1] ?? 'other'};
	}

	const instance = {id, name, service, slot: Number(environment.MUSTER_SLOT), node: environment.MUSTER_NODE ?? ''};
	return {...identity, role: words.includes(shimName) ? 'shim' : 'instance', instance};
}

/** Slots in which more than one instance lives at one and the same moment: a process of each. */
export function findDoubles(processes: readonly FoundProcess[]): FoundProcess[][] {
	const slots = new Map<string, Map<string, FoundProcess>>();
	for (const process of processes) {
		const {instance} = process;
		if (instance !== undefined) {
			const key = `${instance.service} ${instance.slot === 0 ? instance.node : instance.slot}`;
			slots.set(key, (slots.get(key) ?? new Map()).set(instance.id, process));
		}
	}

	// All were there before this look, so those that still run now ran together.
	return [...slots.values()]
		.map(instances => [...instances.values()].filter(isRunning))
		.filter(running => running.length > 1);
}
