import type {ApplyRequest, RemoveRequest} from '../../backends/local/protocol.ts';
import type {ApiRequest} from '../api/server.ts';

/** A body that failed its check is anything at all. */
type Loose<T> = {readonly [P in keyof T]?: unknown};

const maxCharacters = 2000;

/** A request as the muster command that does the same; never the content of a secret or config. */
export function commandOf(route: string, {query, body}: ApiRequest): string {
	// Refused before it was read.
	const isUnread = route.startsWith('POST ') && body === undefined;
	const text = `muster ${isUnread ? `(${route})` : words(route, body, query)}`;
	return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
}

function words(route: string, body: unknown, query: unknown): string {
	const member = (value: unknown, name: string) => word((value as Record<string, unknown> | undefined | null)?.[name]);
	switch (route) {
		case 'POST /v1/apply':
			return applied((body ?? {}) as Loose<ApplyRequest>);
		case 'POST /v1/remove': {
			const {ref} = (body ?? {}) as Loose<RemoveRequest>;
			return `${member(ref, 'kind')} rm ${member(ref, 'name')}`;
		}

		case 'POST /v1/kill':
			return `instance kill --signal ${member(body, 'signal')} ${member(body, 'instanceId')}`;
		case 'POST /v1/move':
			return `rebalance (${listed((body as {instanceIds?: unknown} | undefined)?.instanceIds)})`;
		case 'POST /v1/fail-node':
			return `node fail ${member(body, 'nodeId')}`;
		case 'POST /v1/images':
			return `image add ${member(body, 'path')}`;
		case 'GET /v1/exec':
			return `exec ${member(query, 'instanceId')} -- ${listed((query as {command?: unknown} | undefined)?.command)}`;
		case 'GET /v1/attach':
			return `attach ${member(query, 'instanceId')}`;
		case 'GET /v1/connect':
			return `port-forward ${member(query, 'instanceId')} ${member(query, 'port')}`;
		case 'POST /v1/access/grant':
			return `access create ${member(body, 'name')} --role ${member(body, 'role')}`;
		case 'POST /v1/access/rotate':
			return `access rotate ${member(body, 'name')}`;
		case 'POST /v1/access/revoke':
			return `access rm ${member(body, 'name')}`;
		case 'POST /v1/access/listen':
			return `daemon listen ${JSON.stringify(body ?? null)}`;
		case 'POST /v1/stop':
			return `daemon stop${(body as {all?: unknown} | undefined)?.all === true ? ' --all' : ''}`;
		default:
			return `(${route})`;
	}
}

function applied({ref, patch, create}: Loose<ApplyRequest>): string {
	const {kind, name} = (ref ?? {}) as {kind?: unknown; name?: unknown};
	if (kind === 'secret' || kind === 'config') {
		return `${kind} ${create ? 'create' : 'edit'} ${word(name)}`;
	}

	return `${word(kind)} ${create ? 'create' : 'patch'} ${word(name)} '${JSON.stringify(patch ?? null)}'`;
}

function listed(value: unknown): string {
	return Array.isArray(value) ? value.map(word).join(' ') : '?';
}

function word(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
