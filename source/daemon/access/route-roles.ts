import type {Role} from '../../core/access.ts';

/**
 * Who may ask what by TCP. What is not here is for this machine's unix socket only (agents and gateway), whoever asks. Each
 * route of the API is either here or among those: a test holds it.
 */
export const routeRoles: Readonly<Record<string, Role>> = {
	'GET /v1/version': 'viewer',
	'GET /v1/list': 'viewer',
	'GET /v1/watch': 'viewer',
	'GET /v1/logs': 'viewer',
	'GET /v1/history': 'viewer',
	'GET /v1/health': 'viewer',
	'GET /v1/usage-sums': 'viewer',
	'GET /v1/metrics': 'viewer',
	'GET /metrics': 'viewer',
	'POST /v1/apply': 'operator',
	'POST /v1/remove': 'operator',
	'POST /v1/kill': 'operator',
	'POST /v1/move': 'operator',
	'POST /v1/fail-node': 'operator',
	'POST /v1/images': 'operator',
	'GET /v1/exec': 'operator',
	'GET /v1/attach': 'operator',
	'GET /v1/connect': 'operator',
	'GET /v1/access': 'admin',
	'POST /v1/access/grant': 'admin',
	'POST /v1/access/rotate': 'admin',
	'POST /v1/access/revoke': 'admin',
	'POST /v1/access/listen': 'admin',
	'POST /v1/metrics/listen': 'admin',
	'POST /v1/stop': 'admin',
};

/** For what is on this machine: muster's own processes, and the command that packs the file that is made. */
export const localOnly: ReadonlySet<string> = new Set(['GET /v1/agent', 'GET /v1/gateway', 'POST /v1/copy-store']);
