import type {HttpRules} from '../../../../orchestrator/balancer.ts';
import type {Target, TargetPool} from '../target-pool.ts';

/** What a request's way depends on, of one service. */
export type HttpService = {
	readonly pool: TargetPool;
	/** Requests at the same time that an instance is given at most. */
	readonly limit: number;
	/** The instance that a client's cookie names. */
	stickyInstance(cookie: string | undefined): string | undefined;
	/** A header line that binds the client to an instance; empty: none is needed. */
	stickyHeader(cookie: string | undefined, target: Target): string;
	/** Why no instance takes a request. */
	refusal(isFull: boolean, attempts: number): string;
};

const cookieName = 'muster-instance';

export function httpService(name: string, rules: HttpRules, pool: TargetPool): HttpService {
	const {sticky = false, maxRequests = Number.POSITIVE_INFINITY} = rules;
	const named = (cookie: string | undefined) =>
		sticky && cookie !== undefined ? new RegExp(`(?:^|; *)${cookieName}=([\\w-]{1,64})`).exec(cookie)?.[1] : undefined;
	return {
		pool,
		limit: maxRequests,
		stickyInstance: named,
		stickyHeader: (cookie, {instanceId}) =>
			!sticky || named(cookie) === instanceId
				? ''
				: `Set-Cookie: ${cookieName}=${instanceId}; Path=/; HttpOnly; SameSite=Lax\r\n`,
		refusal(isFull, attempts) {
			if (isFull) {
				const {maxRequests: most} = rules;
				return `Every instance of ${name} has ${most === 1 ? 'a request' : `${most} requests`} already.`;
			}

			return attempts === 0 ? `No instance of ${name} is ready.` : `No instance of ${name} answered.`;
		},
	};
}

/** The most specific rule that fits: an exact host before a wildcard before none, then the longest path. */
export function findRule<T extends {readonly rules: HttpRules}>(
	candidates: readonly T[],
	host: string | undefined,
	target: string,
): T | undefined {
	const [only] = candidates;
	if (only && candidates.length === 1 && !only.rules.hosts && !only.rules.paths) {
		return only;
	}

	const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
	const path = pathOf(target);
	let best: T | undefined;
	let bestScore = -1;
	for (const candidate of candidates) {
		const score = scoreOf(candidate.rules, name, path);
		if (score > bestScore) {
			best = candidate;
			bestScore = score;
		}
	}

	return best;
}

/** Of `/a/b?c` and `http://host/a/b?c`. */
function pathOf(target: string): string {
	const absolute = /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1];
	const [path = ''] = (absolute ?? target).split('?', 1);
	return path === '' ? '/' : path;
}

/** -1: it does not fit. */
function scoreOf({hosts, paths}: HttpRules, name: string, path: string): number {
	const byHost = hosts === undefined ? 0 : Math.max(-1, ...hosts.map(host => hostFit(host.toLowerCase(), name)));
	const byPath =
		paths === undefined ? 0 : Math.max(-1, ...paths.map(prefix => (isBelow(path, prefix) ? prefix.length : -1)));
	return byHost < 0 || byPath < 0 ? -1 : byHost * 100_000 + byPath;
}

function hostFit(host: string, name: string): number {
	if (host === name) {
		return 2;
	}

	return host.startsWith('*.') && name.endsWith(host.slice(1)) && name.length > host.length - 1 ? 1 : -1;
}

function isBelow(path: string, prefix: string): boolean {
	return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
