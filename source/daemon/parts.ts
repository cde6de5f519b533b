import type {Home} from '../backends/local/home.ts';
import type {DaemonVersion} from '../backends/local/protocol.ts';
import type {Orchestrator} from '../orchestrator/orchestrator.ts';
import type {Store} from '../orchestrator/store/store.ts';
import type {RemoteAccess} from './access/remote-access.ts';
import type {LoopLateness} from './figures/loop-lateness.ts';
import type {MetricsListener} from './figures/metrics-listener.ts';
import type {UsageBoard} from './figures/usage.ts';
import type {ImageBoard} from './image-board.ts';
import type {GatewayLink} from './processes/gateway-link.ts';
import type {LocalFleet} from './processes/local-fleet.ts';
import type {Tenders} from './processes/tenders.ts';

/** What a daemon is made of. */
export type Parts = {
	readonly home: Home;
	readonly daemon: DaemonVersion;
	readonly store: Store;
	/** Writes the store as it is into a new file. */
	readonly copyStore: (file: string) => void;
	/** The newest content of a secret; undefined: there is none of this name, or it cannot be opened. */
	readonly secretText: (name: string) => string | undefined;
	readonly usage: UsageBoard;
	readonly lateness: LoopLateness;
	readonly fleet: LocalFleet;
	readonly gateway: GatewayLink;
	readonly orchestrator: Orchestrator;
	readonly images: ImageBoard;
	readonly access: RemoteAccess;
	readonly metrics: MetricsListener;
	readonly tenders: Tenders;
	/** Fulfilled when it is fit for work. */
	readonly ready: PromiseWithResolvers<void>;
	/** Fulfilled when it is to end; says why. */
	readonly ending: PromiseWithResolvers<string>;
};
