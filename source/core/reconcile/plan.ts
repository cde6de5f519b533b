import type {Instance, Instant, Node, Rollout, Service, ServiceStatus} from '../model/index.ts';

/** All that a decision about one service looks at. */
export type Observed = {
	readonly service: Service;
	/** Every instance of the service, history included. */
	readonly instances: readonly Instance[];
	/** The version that the rollout came from is kept, and is reached in the same way. */
	readonly canGoBack?: boolean;
	readonly nodes: ReadonlyMap<string, Node>;
	readonly now: Instant;
};

export type PlanStep =
	| {
			readonly type: 'create';
			readonly slot: number;
			/** The version that it is made from. */
			readonly version: number;
			/** Global: the node that it is for. */
			readonly nodeId?: string;
			readonly replaces?: string;
			readonly restarts: number;
			readonly attempts: number;
			readonly quickFailures: number;
	  }
	| {readonly type: 'stop'; readonly instanceId: string; readonly reason: string}
	/** The service's spec gets that version's template again. */
	| {readonly type: 'roll back'; readonly to: number; readonly reason: string};

export type Plan = {
	readonly steps: readonly PlanStep[];
	readonly status: Omit<ServiceStatus, 'ports'>;
	readonly rollout?: Rollout | undefined;
	/** The earliest moment at which the same input would give another plan. */
	readonly recheckAt?: Instant | undefined;
	/** Removal is through: nothing lives any more. */
	readonly gone: boolean;
};

export function earliest(moments: ReadonlyArray<Instant | undefined>): Instant | undefined {
	let found: Instant | undefined;
	for (const moment of moments) {
		if (moment !== undefined && (found === undefined || moment < found)) {
			found = moment;
		}
	}

	return found;
}
