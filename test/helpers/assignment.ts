import type {InstanceTemplate} from '../../source/core/model/index.ts';
import type {Assignment} from '../../source/orchestrator/fleet.ts';

export const plainTemplate: InstanceTemplate = {
	image: 'exec:/bin/sh',
	command: [],
	env: {},
	tty: false,
	openStdin: false,
	stopSignal: 'SIGTERM',
	stopGraceMs: 10_000,
	reserve: {cpus: 0, memoryBytes: 0},
	limit: {},
};

/** What an agent is told to run. */
export function anAssignment(change: Partial<Assignment> = {}): Assignment {
	return {
		instanceId: 'i1',
		instanceName: 'web.1',
		serviceId: 's1',
		serviceName: 'web',
		slot: 1,
		version: 1,
		nodeGeneration: 1,
		template: plainTemplate,
		targets: [],
		...change,
	};
}
