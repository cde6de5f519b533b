import type {Home} from '../home.ts';
import type {Program} from '../start-daemon.ts';
import type {Ports} from './launch/ports.ts';
import type {SpareFolders} from './launch/spare-folders.ts';
import type {AdoptedWatch} from './watch/adopted-watch.ts';
import type {Cgroups} from './watch/cgroup.ts';
import type {Sweeper} from './watch/sweeper.ts';

/** What the instances of one agent have in common. */
export type AgentContext = {
	readonly home: Home;
	readonly nodeName: string;
	readonly generation: number;
	/** The agent's own environment. */
	readonly inherited: Readonly<Record<string, string | undefined>>;
	/** This program, for what holds a terminal. */
	readonly program: Program;
	readonly ports: Ports;
	readonly spareFolders: SpareFolders;
	/** Absent: limits are held by sampling. */
	readonly cgroups?: Cgroups;
	readonly sweeper: Sweeper;
	readonly adopted: AdoptedWatch;
	/** Waits for its turn to start a process. */
	readonly startTurn: () => Promise<void>;
	/** See authority.ts: asked right before every effect. */
	readonly mayAct: () => boolean;
	readonly log: (message: string) => void;
};
