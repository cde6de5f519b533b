/** Who tends a cluster, as it is written there; the revision is another one each time it is renewed. */
export type LeaseSeen = {readonly holder: string; readonly revision: string};

/** Not renewed for so long, it is over. */
export const tendLeaseMs = 60_000;
/** Three times in a lease. */
export const tendRenewMs = 20_000;

export type LeaseInput = {
	readonly me: string;
	/** Whose place this one took, and who is gone for certain. */
	readonly before?: string | undefined;
	/** Undefined: nobody has it. */
	readonly seen: LeaseSeen | undefined;
	/** How long its revision has been seen unchanged, by one's own monotonic clock: whatever anybody else's clock says. */
	readonly unchangedMs: number;
	readonly leaseMs: number;
};

/** `wait`: it is somebody else's. */
export function decideLease({me, before, seen, unchangedMs, leaseMs}: LeaseInput): 'take' | 'renew' | 'wait' {
	if (seen === undefined) return 'take';
	if (seen.holder === me) return 'renew';
	return seen.holder === before || unchangedMs >= leaseMs ? 'take' : 'wait';
}
