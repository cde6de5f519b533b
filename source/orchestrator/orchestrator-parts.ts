import type {Clock} from '../core/clock.ts';
import type {Random} from '../core/model/id.ts';
import type {MachineCapacity, Usage} from '../core/model/index.ts';
import type {Balancer} from './balancer.ts';
import type {Fleet} from './fleet.ts';
import type {Store} from './store/store.ts';
import type {StoredParts} from './stored-objects.ts';
import type {Vault} from './vault.ts';
import type {VirtualNet} from './virtual-addresses.ts';

export type OrchestratorParts = {
	readonly store: Store;
	readonly fleet: Fleet;
	readonly balancer: Balancer;
	readonly clock: Clock;
	readonly random: Random;
	/** What an instance uses, for the autoscaler; absent: nothing is measured. */
	readonly usageOf?: (instanceId: string) => Usage | undefined;
	/** What the machine under all nodes has. */
	readonly machine: MachineCapacity;
	/** Absent: secrets are kept as they are; for what never reaches a disk. */
	readonly vault?: Vault;
	/** Where a volume lies. */
	readonly volumePath?: StoredParts['volumePath'];
	/** Absent: services have no addresses of their own. */
	readonly virtualNet?: VirtualNet;
	/** Whoever answers a user waits for `store.synced` first; else each write is on disk before it returns. */
	readonly isSyncedLater?: boolean;
};
