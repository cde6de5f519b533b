import type {Instance, Instant, Usage} from '../core/model/index.ts';
import {leaking} from './cast.ts';
import {tradeOf, trades} from './trades.ts';

/** A day of the demo. */
const dayMs = 10 * 60_000;
/** How long a service takes to run out of memory that leaks. */
const leakMs = 7 * 60_000;
const noiseMs = 4000;

/** The same number for the same text, from 0 to 1. */
export function chanceOf(text: string, salt = 0): number {
	let hash = salt | 0;
	for (let index = 0; index < text.length; index++) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
	}

	hash = Math.imul(hash ^ (hash >>> 15), 0x2c_1b_3c_6d);
	return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** How busy a service is, about 1: each has its own day. */
function tideOf(serviceId: string, now: Instant): number {
	return 1 + 0.45 * Math.sin((now / dayMs + chanceOf(serviceId)) * 2 * Math.PI);
}

/**
 * What an instance uses at a moment: as its trade does, with the tide of its service, its own share and some noise. Nothing is
 * kept for it. Undefined: it does not run.
 */
export function usageAt(instance: Instance, reservedBytes: number, now: Instant): Usage | undefined {
	const {id, serviceId, status, image = ''} = instance;
	if (status.state !== 'running') {
		return undefined;
	}

	const trade = trades[tradeOf(image)];
	const tide = tideOf(serviceId, now);
	const own = 0.75 + 0.5 * chanceOf(id);
	const noise = 0.85 + 0.3 * chanceOf(id, Math.floor(now / noiseMs));
	const busy = tide * own * noise;
	const memory = trade.memoryShare * reservedBytes * (0.8 + 0.2 * own + 0.05 * (noise - 1));
	return {
		cpus: Math.round(trade.cpus * busy * 1000) / 1000,
		memoryBytes: Math.round(leaking.has(instance.serviceName) ? leaked(instance, reservedBytes, now) : memory),
		...(trade.requestsPerSecond > 0 && {requestsPerSecond: Math.round(trade.requestsPerSecond * busy * 10) / 10}),
		at: now,
	};
}

/** Grows from a third of what is reserved to more than twice that, its limit; each instance from another beginning. */
function leaked({id, status}: Instance, reservedBytes: number, now: Instant): number {
	const ageMs = Math.min(now - (status.startedAt ?? now), leakMs * 2);
	const isYoung = ageMs < leakMs * 2;
	const begun = isYoung ? ageMs : (now + chanceOf(id) * leakMs) % leakMs;
	return reservedBytes * (0.3 + (1.75 * begun) / leakMs);
}
