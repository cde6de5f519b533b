import type {Instant, NodeStatus} from './model/index.ts';

/** A node not heard of for this long is down. */
export const leaseMs = 4000;
/** The first lease of an agent that is started: it has said nothing yet, and runs nothing that could run twice. */
export const firstLeaseMs = 20_000;
/** Agents renew four times in a lease, so that one lost heartbeat does not matter. */
export const heartbeatMs = 1000;
/** After a node went down: how long until its agent is started anew under a new generation. */
export const takeBackMs = 10_000;

/**
 * Judges one node by the monotonic clock. A judge who was late himself by more than half a lease (stopped, swapped out, the
 * machine asleep) may have missed heartbeats that came, and gives everyone a whole new lease before he judges.
 */
export function leaseExpired(endsAtMs: number, nowMs: number): boolean {
	return nowMs >= endsAtMs;
}

export function wasLate(expectedAtMs: number, nowMs: number): boolean {
	return nowMs - expectedAtMs > leaseMs / 2;
}

/**
 * When a node that is down may start again; undefined while it is being fenced or is not down. Down since a moment that lies
 * ahead: the clock was set back since, so nobody knows how long.
 */
export function takeBackAt(status: NodeStatus, now: Instant): Instant | undefined {
	if (status.state !== 'down' || status.fencing) {
		return undefined;
	}

	return status.at > now ? now : (status.failedUntil ?? status.at + takeBackMs);
}
