import type {AutoscaleStatus, Service} from '../model/index.ts';
import type {LeaseSeen} from './lease.ts';

/** Who tends a cluster, kept in it: one at a time. */
export type TendLease = {
	read(): Promise<LeaseSeen | undefined>;
	/** Over what was seen, or anew; throws `conflict` where somebody else was quicker. */
	write(holder: string, seen: LeaseSeen | undefined): Promise<void>;
	remove(seen: LeaseSeen): Promise<void>;
};

/** Of an engine that neither scales by load nor spreads nor brings hosts by itself: what it takes to do that from outside. */
export type TendFacet = {
	readonly lease: TendLease;
	/** Sets how many run, with why beside it; throws `conflict` where the service has changed. */
	scale(service: Service, replicas: number, status: AutoscaleStatus): Promise<void>;
	/** So many more come up, and then as many go; whoever watches brings it to its end. */
	spread(service: Service, moves: number): Promise<void>;
	isSpreading(service: Pick<Service, 'id'>): boolean;
	/** For the environment of a command that brings a host. */
	joinWords(): Promise<Readonly<Record<string, string>>>;
};
